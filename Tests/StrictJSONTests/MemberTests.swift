// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// Tests of the members of an object as an array.
@Suite struct MemberTests {
    private static func members(_ text: String) throws -> [String]? {
        try JSON.members(parsing: text.utf8, rules: .ownFormat)?.map { "\($0.name)=\($0.value.int64 ?? -1)" }
    }

    private static func fault(_ text: String) -> JSONError.Code? {
        do throws(JSONError) {
            _ = try JSON.members(parsing: text.utf8, rules: .ownFormat)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Members keep their order and their duplicates", arguments: ["", "\u{FEFF}", " \n"])
    func order(start: String) throws {
        #expect(
            try Self.members(start + #"{"b":1,"a":2,"b":3,"\u0062":4,"c":{}}"#) == ["b=1", "a=2", "b=3", "b=4", "c=-1"]
        )
        #expect(try Self.members(start + "{}") == [])
    }

    @Test("A value of another kind has no members", arguments: ["[]", "1", "null", #""{}""#, #"[{"a":1}]"#])
    func otherKinds(text: String) throws {
        #expect(try Self.members(text) == nil)
    }

    @Test(
        "A fault in the text is found",
        arguments: [
            ("", .unexpectedEnd), ("{", .unexpectedEnd), (#"{"a":1"#, .unexpectedEnd), (#"{"a"}"#, .unexpectedByte),
            ("{a:1}", .unexpectedByte), (#"{"a":1,}"#, .unexpectedByte), (#"{"a":1} x"#, .trailingContent),
            ("[] x", .trailingContent), (#"{"a":{"b":1,"b":2}}"#, .duplicateName),
        ] as [(String, JSONError.Code)]
    )
    func faults(text: String, code: JSONError.Code) {
        #expect(Self.fault(text) == code)
    }

    @Test("The object counts toward the depth")
    func depth() {
        let rules = JSONRules(maximumDepth: 2, duplicates: .rejected, allowsNUL: false)
        func isAccepted(_ text: String) -> Bool { (try? JSON.members(parsing: text.utf8, rules: rules)) != nil }
        #expect(isAccepted(#"{"a":[1]}"#) && !isAccepted(#"{"a":[[1]]}"#) && !isAccepted(#"{"a":{"b":{}}}"#))
    }
}
