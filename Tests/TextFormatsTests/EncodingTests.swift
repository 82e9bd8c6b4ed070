// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Testing
import TextFormats

@Suite struct EncodingTests {
    @Test("ASCII letters are equal in any case, and all other bytes only to themselves")
    func asciiCase() {
        #expect("Bearer ".equalsIgnoringASCIICase("bEARER ") && "".equalsIgnoringASCIICase(""))
        for (first, second) in [
            ("a", ""), ("", "a"), ("@", "`"), ("[", "{"), ("\u{E9}", "e\u{301}"), ("\u{C9}", "\u{E9}"),
        ] {
            #expect(!first.equalsIgnoringASCIICase(second))
        }
    }

    @Test func base64URLAgreesWithFoundation() {
        var random = SplitMix64(seed: 3)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let expected = Data(bytes).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(Base64URL.encode(bytes) == expected)
            #expect(Base64URL.encode(bytes, after: "otp:{", before: "}:p") == "otp:{" + expected + "}:p")
            #expect(Base64URL.decode(expected[...]) == bytes)
        }
    }

    @Test(arguments: [
        "A", "AAAAA", "AB", "AAB", "AA=", "AA==", " AAAA", "AA+/", "AAAÀ", String(repeating: "A", count: 4100),
    ])
    func base64URLHasOneTextForTheSameBytes(text: String) {
        #expect(Base64URL.decode(text[...]) == nil)
    }

    @Test func hexDigitsOfEveryByteAreReadBack() {
        for byte in UInt8.min ... .max {
            for text in [Hex.encode([byte]), Hex.encode([byte], uppercase: true)] {
                #expect(UInt8(text, radix: 16) == byte)
                let values = text.utf8.compactMap(\.hexDigitValue)
                #expect(values.count == 2 && values[0] << 4 | values[1] == byte)
            }
        }
        #expect([0x0A, 0xBC].hex == "0abc")
        #expect(Hex.encode([0x0A, 0xBC], uppercase: true) == "0ABC")
    }

    @Test func characterClassesAreThoseOfASCII() {
        for byte in UInt8.min ... .max {
            let character = byte < 0x80 ? Character(Unicode.Scalar(byte)) : nil
            #expect(byte.isASCIIDigit == (character?.isWholeNumber ?? false))
            #expect(byte.isASCIILetter == (character?.isLetter ?? false))
            #expect(byte.isASCIILowercaseLetter == (character?.isLowercase ?? false))
            #expect(byte.isASCIIUppercaseLetter == (character?.isUppercase ?? false))
            #expect(byte.isASCIIAlphanumeric == (byte.isASCIILetter || byte.isASCIIDigit))
            #expect(byte.hexDigitValue.map { Int($0) } == character?.hexDigitValue)
        }
    }

    @Test func percentEncodingAgreesWithFoundation() {
        var random = SplitMix64(seed: 5)
        var unreserved = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7F}"))
        unreserved.insert(charactersIn: "-_.~")
        for _ in 0..<200 {
            let scalars = (0..<8).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x300, using: &random)) }
            let text = String(String.UnicodeScalarView(scalars))
            let encoded = PercentEncoding.encode(text)
            #expect(encoded == text.addingPercentEncoding(withAllowedCharacters: unreserved))
            #expect(encoded.utf8.count == PercentEncoding.encodedLength(of: text))
            #expect(PercentEncoding.decodeForm(encoded) == text)
            #expect(PercentEncoding.decode(encoded[...]) == Array(text.utf8))
        }
    }

    @Test func percentEncodingFollowsTheRulesOfItsCaller() {
        #expect(PercentEncoding.encode("a~ü", uppercase: false) { $0 == UInt8(ascii: "a") } == "a%7e%c3%bc")
    }

    @Test func plusIsASpaceInFormsOnly() {
        #expect(PercentEncoding.decodeForm("a+b%2bc") == "a b+c")
        #expect(PercentEncoding.decode("a+b") == Array("a+b".utf8))
    }

    @Test(arguments: ["%", "%1", "%g0", "%0g", "a%", "%%20", "% 1"])
    func malformedEscapesAreNotDecoded(text: Substring) {
        #expect(PercentEncoding.decode(text) == nil)
        #expect(PercentEncoding.decodeForm(text) == nil)
    }

    @Test func aFormMustBeUTF8() {
        #expect(PercentEncoding.decodeForm("%FF") == nil)
        #expect(PercentEncoding.decode("%FF") == [0xFF])
    }
}
