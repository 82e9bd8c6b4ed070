// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests of UTF-8, escapes, surrogates, control characters and combining marks in strings.
@Suite struct StringTests {
    @Test(
        "Strings lose their escapes and nothing else",
        arguments: [
            (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u4E2D""#, "A\u{E9}\u{4E2D}"), (#""\uD83D\uDE00""#, "\u{1F600}"),
            (#""x\ud834\udd1Ey""#, "x\u{1D11E}y"), (#""\uD800\uDC00\uDBFF\uDFFF""#, "\u{10000}\u{10FFFF}"),
            ("\"\u{1F600}\u{4E2D}\u{7F}\u{2028}\"", "\u{1F600}\u{4E2D}\u{7F}\u{2028}"),
            (#""\\u0041""#, #"\u0041"#),
            (#""//""#, "//"), (#""e\u0301""#, "e\u{301}"),
        ] as [(String, String)]
    )
    func escapes(_ text: String, _ value: String) throws {
        let string = try #require(try SyntaxTests.parse(text).string)
        #expect(Array(string.utf8) == Array(value.utf8))
    }

    @Test("Noncharacters are accepted like all other scalars", arguments: ["FFFE", "FFFF", "FDD0", "fdef"])
    func noncharacters(_ digits: String) throws {
        let scalar = try #require(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init))
        #expect(try SyntaxTests.parse("\"\\u\(digits)\"").string?.unicodeScalars.elementsEqual([scalar]) == true)
        #expect(try SyntaxTests.parse("\"\(String(Character(scalar)))\"").string?.unicodeScalars.first == scalar)
    }

    @Test(
        "Half a surrogate pair is rejected at its backslash",
        arguments: [
            #""a\uD83D""#, #""a\uDE00""#, #""a\uD83Dx""#, #""a\uD83D\n""#, #""a\uD83D\uD83D""#, #""a\uD83D\u0041""#,
            #""a\uDE00\uD83D""#, #""a\uDFFF""#, #""a\uD800\uE000""#,
        ]
    )
    func loneSurrogates(_ text: String) {
        let fault = SyntaxTests.fault(text.utf8, .ownFormat)
        #expect(fault?.code == .loneSurrogate)
        #expect(fault?.offset == 2)
        #expect(SyntaxTests.fault(text.utf8) == nil)
    }

    @Test(
        "Other escapes are rejected",
        arguments: [
            #""\x41""#, #""\a""#, #""\'""#, #""\0""#, #""\U0041""#, #""\u00G0""#, #""\u 041""#, #""\u+041""#,
            #""\u{41}""#, #""\uD83D\u00G0""#, #""\é""#, "\"\\\n\"", "\"\\u\u{FF11}234\"",
        ]
    )
    func invalidEscapes(_ text: String) {
        #expect(SyntaxTests.fault(text.utf8)?.code == .invalidEscape)
    }

    @Test("Control characters must be escaped")
    func controlCharacters() {
        for byte in UInt8(0)..<0x20 {
            #expect(SyntaxTests.fault([0x22, 0x61, byte, 0x22]) == SyntaxTests.fault([0x22, 0x61, 0, 0x22]))
            #expect(SyntaxTests.fault([0x22, 0x61, byte, 0x22])?.code == .controlCharacter)
        }
        #expect(SyntaxTests.fault([0x22, 0x7F, 0x22]) == nil)
    }

    @Test(
        "Bytes that are not UTF-8 are rejected",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
            [0xF0, 0x9F, 0x98], [0xC3, 0x28], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
        ] as [[UInt8]]
    )
    func invalidUTF8(_ bytes: [UInt8]) {
        let fault = SyntaxTests.fault([0x5B, 0x22, 0x61] + bytes + [0x62, 0x22, 0x5D], .ownFormat)
        #expect(fault?.code == .invalidUTF8)
        #expect(fault?.offset == 1)
        let name = [0x7B, 0x22] + bytes + [0x22, 0x3A, 0x31, 0x7D]
        #expect(SyntaxTests.fault(name, .ownFormat)?.code == .invalidUTF8)
        #expect(SyntaxTests.fault([0x22, 0x5C, 0x6E] + bytes + [0x22], .ownFormat)?.code == .invalidUTF8)
        #expect(SyntaxTests.fault(name) == nil)
        // Outside of strings, invalid bytes are always rejected.
        #expect(SyntaxTests.fault([0x5B] + bytes + [0x5D])?.code == .unexpectedByte)
    }

    @Test(
        "Malformed text of other formats is replaced where it is",
        arguments: [
            (#""a\uD83Db""#, "a\u{FFFD}b"), (#""\uDE00\uD83D""#, "\u{FFFD}\u{FFFD}"),
            (#""\uD83D\u0041""#, "\u{FFFD}A"), (#""\uD83D\uD83D\uDE00""#, "\u{FFFD}\u{1F600}"),
            (#""\uD83D\n""#, "\u{FFFD}\n"),
        ] as [(String, String)]
    )
    func repaired(_ text: String, _ value: String) throws {
        #expect(try SyntaxTests.parse("[\(text),1]").array == [.string(value), SyntaxTests.parse("1")])
        #expect(try JSON(parsing: [0x22, 0x61, 0xFF, 0x62, 0x22], rules: .externalFormat) == .string("a\u{FFFD}b"))
    }

    @Test("U+0000 is accepted in external formats, and rejected in this package's formats")
    func nul() throws {
        #expect(try SyntaxTests.parse(#""a\u0000b""#).string == "a\0b")
        #expect(SyntaxTests.fault(#"["a\u0000b"]"#.utf8, .ownFormat)?.code == .nulCharacter)
        #expect(SyntaxTests.fault(#"{"a\u0000":1}"#.utf8, .ownFormat)?.code == .nulCharacter)
    }

    @Test(
        "More than 256 combining marks in a row are rejected",
        arguments: ["\u{301}", "\u{F73}", "\u{344}", "\u{5B0}", "\u{1D165}"]
    )
    func marks(_ mark: String) throws {
        let longest = "a" + String(repeating: mark, count: 256)
        #expect(SyntaxTests.fault("\"\(longest)\"".utf8) == nil)
        #expect(SyntaxTests.fault("\"\(longest)\(mark)\"".utf8)?.code == .tooManyMarks)
        #expect(SyntaxTests.fault("\"\(longest)b\(longest)\"".utf8) == nil)
        #expect(SyntaxTests.fault("{\"\(longest)\(mark)\":1}".utf8)?.code == .tooManyMarks)
        let unlimited = JSONRules(duplicates: .rejected, allowsNUL: true, maximumMarks: nil)
        #expect(SyntaxTests.fault("\"\(longest)\(mark)\"".utf8, unlimited) == nil)
    }

    @Test("Escaped combining marks count like all others")
    func escapedMarks() {
        let text = String(repeating: #"\u0301"#, count: 257)
        #expect(SyntaxTests.fault("\"\(text)\"".utf8)?.code == .tooManyMarks)
    }
}
