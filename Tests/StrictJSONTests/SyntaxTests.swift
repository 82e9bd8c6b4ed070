// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests of the grammar of RFC 8259, with accepted texts and their values, and rejected texts and their faults.
@Suite struct SyntaxTests {
    static func parse(_ text: String, _ rules: JSONRules = .externalFormat) throws(JSONError) -> JSON {
        try JSON(parsing: text.utf8, rules: rules)
    }

    static func fault(_ bytes: some Collection<UInt8>, _ rules: JSONRules = .externalFormat) -> JSONError? {
        do throws(JSONError) {
            _ = try JSON(parsing: bytes, rules: rules)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "A value is read whatever white space is around it",
        arguments: ["true", " true", "true\n", "\t\r\n true \t\r\n"]
    )
    func whiteSpace(_ text: String) throws {
        #expect(try Self.parse(text) == .bool(true))
    }

    @Test("Each kind of value is read")
    func kinds() throws {
        let json = try Self.parse(#" {"a" : [ null , true,false , -1.50, "x" , {} , [ ] ] , "" : "y"}"#)
        #expect(json[""]?.string == "y")
        let elements = try #require(json["a"]?.array)
        #expect(elements.count == 7)
        #expect(elements[0] == .null)
        #expect(elements[1].bool == true)
        #expect(elements[2].bool == false)
        #expect(elements[3].double == -1.5)
        #expect(elements[4].string == "x")
        #expect(elements[5].object == [:])
        #expect(elements[6].array == [])
        #expect(json["b"] == nil)
        #expect(elements[4]["a"] == nil)
    }

    @Test(
        "Malformed structure is rejected at its first wrong byte",
        arguments: [
            ("", .unexpectedEnd, 0), ("   ", .unexpectedEnd, 3), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("{", .unexpectedEnd, 1),
            (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5), (#"{"a":1,}"#, .unexpectedByte, 7),
            (#"{,"a":1}"#, .unexpectedByte, 1), ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1),
            (#"{"a":1 "b":2}"#, .unexpectedByte, 7), (#"{"a"::1}"#, .unexpectedByte, 5),
            (#"{'a':1}"#, .unexpectedByte, 1),
            ("]", .unexpectedByte, 0), ("tru", .unexpectedEnd, 3), ("trux", .unexpectedByte, 3),
            ("TRUE", .unexpectedByte, 0), ("nul", .unexpectedEnd, 3), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("[1]x", .trailingContent, 3), ("{}{}", .trailingContent, 2),
            ("truefalse", .trailingContent, 4), ("1 2", .trailingContent, 2), ("[1]]", .trailingContent, 3),
            ("/**/1", .unexpectedByte, 0), ("1//", .trailingContent, 1), ("[\u{A0}1]", .unexpectedByte, 1),
            ("\u{2028}1", .unexpectedByte, 0), ("\u{0C}1", .unexpectedByte, 0), ("\0", .unexpectedByte, 0),
            ("1\0", .trailingContent, 1), ("*", .unexpectedByte, 0), (#"["x""#, .unexpectedEnd, 4),
        ] as [(String, JSONError.Code, Int)]
    )
    func malformed(_ text: String, _ code: JSONError.Code, _ offset: Int) {
        let fault = Self.fault(text.utf8)
        #expect(fault?.code == code)
        #expect(fault?.offset == offset)
    }

    @Test("A byte order mark is ignored only before the text")
    func byteOrderMark() throws {
        #expect(try Self.parse("\u{FEFF}{}") == .object([:]))
        #expect(Self.fault("\u{FEFF}\u{FEFF}{}".utf8)?.code == .unexpectedByte)
        #expect(Self.fault("{}\u{FEFF}".utf8)?.code == .trailingContent)
        #expect(Self.fault("\u{FEFF}".utf8)?.code == .unexpectedEnd)
    }

    @Test("Encodings other than UTF-8 are rejected")
    func otherEncodings() {
        #expect(Self.fault([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00])?.code == .unexpectedByte)
        #expect(Self.fault([0x00, 0x7B, 0x00, 0x7D])?.code == .unexpectedByte)
        #expect(Self.fault([0x7B, 0x00, 0x7D, 0x00])?.code == .unexpectedByte)
    }

    @Test("A truncated text never parses")
    func truncated() throws {
        let text = #"{"a":[1.5e-3,"\u00e9\n\ud83d\ude00"],"b":{"c":null,"d":true}}"#
        #expect(Self.fault(text.utf8) == nil)
        for length in 0..<text.utf8.count {
            let code = Self.fault(text.utf8.prefix(length), .ownFormat)?.code
            // Between the two halves of a surrogate pair, the end of the text makes the first half a lone surrogate.
            #expect(code == .unexpectedEnd || (code == .loneSurrogate && (28...29).contains(length)), "\(length)")
        }
    }

    @Test("A fault contains its kind and its position, and quotes nothing")
    func faultsQuoteNothing() throws {
        let fault = try #require(Self.fault(#"{"to":"6591234567","to":"6598765432"}"#.utf8, .ownFormat))
        #expect("\(fault)" == "the JSON text has a duplicate member at byte 19")
        for code in JSONError.Code.allCases { #expect(!code.rawValue.isEmpty) }
        let json = try Self.parse(#"{"to":["6591234567",6591234567]}"#)
        for text in ["\(json)", String(reflecting: json), "\(json["to"] ?? .null)"] {
            #expect(!text.contains("659"))
        }
        var dumped = ""
        dump(json, to: &dumped)
        #expect(!dumped.contains("659"))
    }
}
