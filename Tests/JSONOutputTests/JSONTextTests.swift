// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import StrictJSON
import Testing

@Suite struct JSONTextTests {
    @Test func membersKeepTheirOrder() {
        let document: JSONText = [
            "z": 1, "a": ["x", true, false, .null, -5, [:], []], "n": .int(.min), "o": ["inner": "value"],
        ]
        #expect(
            String(decoding: document.bytes, as: UTF8.self)
                == #"{"z":1,"a":["x",true,false,null,-5,{},[]],"n":-9223372036854775808,"o":{"inner":"value"}}"#
        )
    }

    @Test(arguments: [
        "", "plain", "\"quoted\" \\ /", "\u{0}\u{1}\u{8}\t\n\u{B}\r\u{1F} \u{7F}", "é 日本 😀 \u{2028}\u{FEFF}",
        "\r\n", "a\u{301}",
    ])
    func everyStringIsParsedAsItself(text: String) throws {
        let rules = JSONRules(duplicates: .rejected, allowsNUL: true)
        let parsed = try JSON(parsing: JSONText.object([(name: text, value: .string(text))]).bytes, rules: rules)
        #expect(parsed.object?.keys.map { Array($0.utf8) } == [Array(text.utf8)])
        #expect(parsed.object?.values.first?.string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test func controlCharactersAreEscaped() {
        let text = JSONText.string("\u{0}\n\u{1F}\"\\").bytes
        #expect(String(decoding: text, as: UTF8.self) == #""\u0000\u000a\u001f\"\\""#)
    }
}
