// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import SendGuard
import Testing

@testable import OTPCommand
@testable import OTPEnvironment

/// Tests of the YAML file with settings.
@Suite struct SettingsFileTests {
    private static func file(_ text: String) throws(OTPSettingsError) -> SettingsFile {
        try SettingsFile(path: "/etc/otp.yaml", content: Data(text.utf8))
    }

    private static var example: String {
        get throws {
            let root = URL(fileURLWithPath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            return try String(contentsOf: root.appendingPathComponent("deploy/otp.yaml"), encoding: .utf8)
        }
    }

    @Test func scalarsSequencesAndMappingsBecomeTheTextsOfVariables() throws {
        let file = try Self.file(
            """
            # A comment
            brand: Acme
            codeLength: 8
            countries: [NO, "SG"]
            numberingPlan: [BJ 01 10 mobile, FJ * 7-8]
            deviceLane: on
            origin:
            languages: ~
            guard:
              prices: {NO: 400, other: 2500}
              allow: [{addresses: 192.0.2.0/24, until: 2027-01-31T00:00:00Z}]
            """
        )
        #expect(file.problems.isEmpty)
        let texts = file.values.mapValues(\.text)
        #expect(texts["OTP_BRAND"] == "Acme" && texts["OTP_CODE_LENGTH"] == "8")
        // In YAML 1.1, NO and on are Booleans.
        #expect(texts["OTP_COUNTRIES"] == "NO,SG" && texts["OTP_DEVICE_LANE"] == "on")
        #expect(texts["OTP_NUMBERING_PLAN"] == "BJ 01 10 mobile;FJ * 7-8")
        #expect(texts["OTP_ORIGIN"] == nil && texts["OTP_LANGUAGES"] == nil)
        let allow = #""allow":[{"addresses":"192.0.2.0/24","until":"2027-01-31T00:00:00Z"}]"#
        #expect(texts["OTP_GUARD"] == #"{"prices":{"NO":400,"other":2500},\#(allow)}"#)
        #expect(file.values["OTP_GUARD"]?.line == 9)
        #expect(try Self.file("").values.isEmpty && Self.file("# nothing\n").values.isEmpty)
    }

    @Test(arguments: [
        ("brnad: Acme", "brnad", "it is not a setting; correct or remove the key"),
        ("OTP_CODE_LENGTH: 6", "OTP_CODE_LENGTH", "it is not a setting; use codeLength"),
        ("maximum_segments: 2", "maximum_segments", "it is not a setting; use maximumSegments"),
        ("config: other.yaml", "config", "it is not a setting; correct or remove the key"),
        ("codeLength: [6]", "OTP_CODE_LENGTH", "it is a sequence; set it to a whole number such as 6"),
        ("resend: {a: b}", "OTP_RESEND", "it is a mapping; set it to repeat or renew"),
        (
            "guard: [a]", "OTP_GUARD",
            "it is a sequence; set it to a JSON file with the policy of the guard, see Docs/GuardRules.md"
        ),
        (
            "audit: [log, [redis]]", "OTP_AUDIT",
            "entry 2 is not a text without ','; set it to log, to redis, or to log,redis"
        ),
        (
            "audit: ['log,redis']", "OTP_AUDIT",
            "entry 1 is not a text without ','; set it to log, to redis, or to log,redis"
        ),
        ("? [a]\n: b", "a key", "it is not a setting; correct or remove the key"),
    ])
    func mistakeIsNamedWithItsLine(line: String, name: String, problem: String) throws {
        let file = try Self.file("brand: Acme\n\(line)\n")
        #expect(file.problems.map(\.description) == ["\(name), from /etc/otp.yaml:2, cannot be used: \(problem)"])
    }

    @Test func allMistakesAreListed() throws {
        let file = try Self.file("brnad: Acme\ncodeLength: [1]\ncoutnries: SG\n")
        #expect(file.problems.map(\.variable) == ["brnad", "OTP_CODE_LENGTH", "coutnries"])
    }

    @Test(arguments: [
        ("brand: 'c2VjcmV0\n", "/etc/otp.yaml:2: it is not YAML: found unexpected end of stream"),
        ("brand: a\nbrand: c2VjcmV0\n", "/etc/otp.yaml:1: a mapping has a key twice"),
        ("- c2VjcmV0\n", "/etc/otp.yaml: it is not a mapping from keys to values"),
        ("c2VjcmV0", "/etc/otp.yaml: it is not a mapping from keys to values"),
        ("brand: \u{1}c2VjcmV0", "/etc/otp.yaml: it is not YAML"),
        ("brand: *c2VjcmV0", "/etc/otp.yaml:1: anchors and aliases are not supported"),
    ])
    func fileThatIsNoMappingIsRefusedWithoutItsContent(text: String, problem: String) {
        let error = #expect(throws: OTPSettingsError.self) { try Self.file(text) }
        #expect(error?.variable == "OTP_CONFIG" && error?.problem == problem, "\(error as Any)")
        #expect(error.map { !"\($0)".contains("c2VjcmV0") } == true)
    }

    @Test(arguments: [
        ("brand: &a c2VjcmV0", 1), ("brand: A & B\n&a origin: c2VjcmV0", 2), ("countries: [SG, &a c2VjcmV0, *a]", 1),
        ("? &a brand\n: c2VjcmV0", 1), ("&a\nbrand: c2VjcmV0", 1), ("texts:\n  en: &a c2VjcmV0\n  fr: *a", 2),
        ("guard: &a\n  prices: {SG: 1}", 1),
        ("brand: c2VjcmV0\ntexts: {en: {brand: &a-1 c2VjcmV0}}", 2), ("guard: &a {prices: {SG: 1}}\ntexts: *a", 1),
    ])
    func anchorIsRefusedInEveryPlace(text: String, line: Int) {
        let error = #expect(throws: OTPSettingsError.self) { try Self.file(text) }
        #expect(error?.problem == "/etc/otp.yaml:\(line): anchors and aliases are not supported", "\(error as Any)")
    }

    @Test func anchorAfterATagIsRefused() {
        #expect(throws: OTPSettingsError.self) { try Self.file("guard: !!map &a {prices: {SG: 1}}") }
    }

    @Test func textsContainTheCharactersOfAnchorsAndAliases() throws {
        let file = try Self.file(
            """
            # &comment *comment
            brand: AT &T *now*
            origin: "&b *c"
            texts:
              en: |
                &d *e
              fr: 'x &f'
              de: >-
                &g
              it: x
                &h *i
            """
        )
        #expect(file.problems.isEmpty)
        let texts = file.values.mapValues(\.text)
        #expect(texts["OTP_BRAND"] == "AT &T *now*" && texts["OTP_ORIGIN"] == "&b *c")
        #expect(texts["OTP_TEXTS"] == #"{"en":"&d *e\u000a","fr":"x &f","de":"&g","it":"x &h *i"}"#)
    }

    /// Anchors that expand to 10 to the power of 30 values.
    private static let laughs = (1..<30)
        .reduce("  a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n") { text, level in
            text + "  a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["guard:\n\(laughs)", "guard:\n\(laughs)  ? *a29\n  : b\n", "texts:\n\(laughs)  ? [*a29]\n  : b\n"]
    )
    func nestedAnchorsAreNotExpanded(text: String) {
        let error = #expect(throws: OTPSettingsError.self) { try Self.file(text) }
        #expect(error?.problem == "/etc/otp.yaml:2: anchors and aliases are not supported")
    }

    @Test func deepNestingIsRefused() {
        for text in [String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 200_000)] {
            #expect(throws: OTPSettingsError.self) { try Self.file("texts: \(text)") }
        }
        // The parser allows 1000 levels, and the parser of the document fewer.
        let text = String(repeating: "{a: ", count: 900) + "b" + String(repeating: "}", count: 900)
        let values = try? Self.file("texts: \(text)").values.mapValues(\.text)
        #expect(throws: OTPSettingsError.self) {
            try OTPSettings(environment: values ?? [:]).messagesOfAnyLength()
        }
    }

    @Test func keysFollowFromTheNamesOfVariables() {
        #expect(Variable.maximumSegments.key == "maximumSegments" && Variable.redisURL.key == "redisUrl")
        #expect(Variable.accessKeyID.key == "alibabaCloudAccessKeyId" && Variable.proxy.key == "httpsProxy")
        #expect(Set(Variable.command.map(\.key)).count == Variable.command.count)
    }

    @Test func exampleDescribesAValidService() async throws {
        let file = try Self.file(try Self.example)
        #expect(file.problems.isEmpty)
        var values = file.values.mapValues(\.text)
        values["OTP_REDIS_URL"] = "redis://redis.test"
        values["OTP_KEYS"] = KeyRing.makeText()
        let settings = OTPSettings(environment: values)
        #expect(await settings.problems().isEmpty)
        let policy = try settings.policy()
        #expect(policy.destinations == [.singapore, .unitedKingdom])
        #expect(try settings.guardPolicy(for: policy)?.prices[.singapore] == 400)
    }

    @Test func exampleContainsEverySettingWithItsDefault() throws {
        let text = try Self.example.replacing(/(?m)^#(?=[a-zA-Z])/, with: "")
        let file = try Self.file(text)
        #expect(file.problems.isEmpty)
        let missing = Variable.command.filter { file.values[$0.name] == nil }.map(\.key)
        #expect(missing.isEmpty)
        for variable in Variable.command where ![.profile, .brand, .logFormat].contains(variable) {
            guard let standard = variable.defaultText else { continue }
            #expect(file.values[variable.name]?.text == standard, "\(variable.key)")
        }
    }
}
