// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests of the rules for duplicate members, depth and cost.
@Suite struct RuleTests {
    static func nested(_ levels: Int, _ open: String = "[", _ close: String = "]", _ inner: String = "") -> String {
        String(repeating: open, count: levels) + inner + String(repeating: close, count: levels)
    }

    static func rules(_ duplicates: JSONRules.Duplicates, depth: Int = 32) -> JSONRules {
        JSONRules(maximumDepth: depth, duplicates: duplicates, allowsNUL: true)
    }

    @Test("Duplicate members are rejected, or the first or the last counts")
    func duplicates() throws {
        let text = #"{"a":1,"b":{"c":1,"c":2},"a":[3]}"#
        #expect(try SyntaxTests.parse(text, Self.rules(.firstWins))["a"] == SyntaxTests.parse("1"))
        #expect(try SyntaxTests.parse(text, Self.rules(.firstWins))["b"]?["c"]?.int64 == 1)
        #expect(try SyntaxTests.parse(text, Self.rules(.lastWins))["a"]?.array?.count == 1)
        #expect(try SyntaxTests.parse(text, Self.rules(.lastWins))["b"]?["c"]?.int64 == 2)
        #expect(SyntaxTests.fault(text.utf8, .ownFormat)?.code == .duplicateName)
        #expect(SyntaxTests.fault(text.utf8, .ownFormat)?.offset == 18)
    }

    @Test(
        "Spellings of one name are duplicates",
        arguments: [#"{"a":1,"\u0061":2}"#, #"{"":1,"":2}"#, #"{"é":1,"e\u0301":2}"#, #"{"/":1,"\/":2}"#]
    )
    func spellings(_ text: String) {
        #expect(SyntaxTests.fault(text.utf8, .ownFormat)?.code == .duplicateName)
        #expect(SyntaxTests.fault(text.utf8, .externalFormat) == nil)
    }

    @Test("Different names and equal names of different objects are no duplicates")
    func noDuplicates() {
        #expect(SyntaxTests.fault(#"{"a":{"a":{"a":1}},"A":1,"a ":1,"aa":1}"#.utf8, .ownFormat) == nil)
        #expect(SyntaxTests.fault(#"[{"a":1},{"a":1}]"#.utf8, .ownFormat) == nil)
    }

    @Test("Depth is counted in arrays and objects that contain each other")
    func depth() throws {
        #expect(SyntaxTests.fault(Self.nested(32).utf8) == nil)
        #expect(SyntaxTests.fault(Self.nested(33).utf8)?.offset == 32)
        #expect(SyntaxTests.fault(Self.nested(16, #"[{"a":"#, "}]", "1").utf8) == nil)
        #expect(SyntaxTests.fault(Self.nested(17, #"[{"a":"#, "}]", "1").utf8)?.code == .nestingTooDeep)
        #expect(SyntaxTests.fault("[\(Array(repeating: "[[]]", count: 100).joined(separator: ","))]".utf8) == nil)
        #expect(SyntaxTests.fault("[[1]]".utf8, Self.rules(.rejected, depth: 1))?.code == .nestingTooDeep)
        #expect(SyntaxTests.fault("[1]".utf8, Self.rules(.rejected, depth: -5)) == nil)
        #expect(SyntaxTests.fault(Self.nested(128).utf8, Self.rules(.rejected, depth: .max)) == nil)
        #expect(SyntaxTests.fault(Self.nested(129).utf8, Self.rules(.rejected, depth: .max))?.code == .nestingTooDeep)
    }

    @Test(
        "Deep nesting ends at the limit, whether it is closed or not",
        arguments: [500, 9_000, 65_536, 100_000, 1_000_000]
    )
    func deepNesting(_ levels: Int) {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"[{"":["#, "]}]"), (" [\n", "]")] {
            for text in [Self.nested(levels, open, close, "1"), String(repeating: open, count: levels)] {
                let fault = SyntaxTests.fault(text.utf8)
                #expect(fault?.code == .nestingTooDeep)
                #expect((fault?.offset ?? .max) < 33 * open.utf8.count)
            }
        }
    }

    @Test("Unmatched closing brackets are rejected at the first bracket")
    func closingBrackets() {
        #expect(SyntaxTests.fault(String(repeating: "]", count: 100_000).utf8)?.offset == 0)
    }
}
