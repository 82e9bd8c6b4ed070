// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPServer
import Testing

@testable import OTPCommand

/// Tests of `otp config`.
@Suite(.timeLimit(.minutes(2)))
struct ConfigCommandTests {
    private struct Report: Decodable {
        struct Setting: Decodable {
            var name: String
            var key: String
            var value: String?
            var isSecret: Bool
            var source: String
            var path: String?
            var line: Int?
        }

        struct Problem: Decodable {
            var name: String
            var message: String
        }

        var valid: Bool
        var settings: [Setting]
        var errors: [Problem]

        func setting(_ name: String) throws -> Setting {
            try #require(self.settings.first { $0.name == name })
        }
    }

    private static let secret = "c2VjcmV0LXZhbHVl"

    /// Runs the command with a YAML file and a directory of secret files.
    private static func config(
        _ yaml: String,
        secrets: [String: String] = [:],
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> (run: Program.Run, folder: String) {
        try await withFolder { folder in
            try yaml.write(toFile: folder + "/otp.yaml", atomically: true, encoding: .utf8)
            for (name, text) in secrets {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let command = ["config", "--config", folder + "/otp.yaml", "--secrets", folder] + arguments
            return (try await Program.run(command, environment: environment), folder)
        }
    }

    @Test func eachSettingIsShownWithItsSourceAndWithoutSecrets() async throws {
        let keys = KeyRing.makeText()
        let (key, _) = try APIKey.generate(id: "web", scopes: [.issue])
        let (run, folder) = try await Self.config(
            "countries: [SG]\nguard: {prices: {SG: 1}}\ncodeLength: 8\n",
            secrets: ["OTP_KEYS": keys, "OTP_API_KEYS": key.entry, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Self.secret],
            ["--brand", "Acme", "--json"],
            environment: [
                "OTP_REDIS_URL": "rediss://app:\(Self.secret)@redis.test:6380/2?\(Self.secret)", "OTP_PROFILE": "test",
                "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5test", "OTP_TEST_NUMBERS": "+447700900123=161803@2027-01-31",
                "OTP_WEBHOOK_URL": "https://hooks.test/\(Self.secret)",
                "OTP_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ]
        )
        let report = try run.json(Report.self)
        func row(_ name: String) throws -> [String?] {
            let setting = try report.setting(name)
            return [setting.value, setting.source, setting.path, setting.line.map { "\($0)" }]
        }
        #expect(try row("OTP_COUNTRIES") == ["SG", "YAML", folder + "/otp.yaml", "1"])
        #expect(try row("OTP_CODE_LENGTH") == ["8", "YAML", folder + "/otp.yaml", "3"])
        #expect(try row("OTP_GUARD") == ["{…}", "YAML", folder + "/otp.yaml", "2"])
        #expect(try row("OTP_KEYS") == ["set", "secret file", folder + "/OTP_KEYS", nil])
        #expect(try row("OTP_BRAND") == ["Acme", "option", nil, nil])
        #expect(try row("OTP_CONFIG") == [folder + "/otp.yaml", "option", nil, nil])
        #expect(try row("OTP_REDIS_URL") == ["rediss://redis.test:6380/2", "environment", nil, nil])
        #expect(try row("OTP_WEBHOOK_URL") == ["set", "environment", nil, nil])
        #expect(try row("OTP_TEST_NUMBERS") == ["set", "environment", nil, nil])
        #expect(try row("OTP_SEND_WINDOWS") == ["1/1m,5/1h,10/1d", "default", nil, nil])
        #expect(try row("OTP_HUMAN_CHECK_SECRET") == [nil, "default", nil, nil])
        #expect(try report.setting("OTP_KEYS").isSecret && report.setting("OTP_KEYS").key == "keys")
        for text in [Self.secret, "LTAI5test", "161803", "447700900123", String(keys.suffix(20)), "sha256"] {
            #expect(!"\(run)".contains(text))
        }
    }

    @Test func validSettingsExitWithZero() async throws {
        let (run, folder) = try await Self.config(
            "countries: [SG]\nredisUrl: redis://redis.test\n",
            secrets: ["OTP_KEYS": KeyRing.makeText()]
        )
        #expect(run.status == 0 && run.errors.isEmpty, "\(run)")
        #expect(
            run.output.contains(/(?m)^OTP_KEYS +set +/)
                && run.output.contains(/(?m)^OTP_INBOX_TOKEN +not set +default$/)
        )
        #expect(run.output.contains("redis://redis.test  ") && run.output.contains("  \(folder)/otp.yaml:2\n"))
    }

    @Test func allErrorsAreListed() async throws {
        let yaml = "brnad: Acme\ncountries: [Mars]\ncodeLength: 5\nlogLevel: loud\nguard: {prices: {SG: -1}}\n"
        let environment = ["OTP_API_KEYS": Self.secret, "OTP_INBOX_TOKEN": "x", "OTP_KEYS": Self.secret]
        let (run, folder) = try await Self.config(yaml, environment: environment)
        #expect(run.status == 78)
        for text in [
            "brnad, from \(folder)/otp.yaml:1, cannot be used: it is not a setting",
            "OTP_COUNTRIES, from \(folder)/otp.yaml:2, cannot be used: entry 1 is not a region",
            "OTP_CODE_LENGTH, from \(folder)/otp.yaml:3, cannot be used: it must have 6 to 10 digits",
            "OTP_LOG_LEVEL, from \(folder)/otp.yaml:4, cannot be used: ",
            "OTP_GUARD, from \(folder)/otp.yaml:5, cannot be used: prices.SG: ",
            "OTP_API_KEYS, from the environment, cannot be used: ",
            "OTP_INBOX_TOKEN, from the environment, cannot be used: ",
            "OTP_KEYS, from the environment, cannot be used: ", "OTP_REDIS_URL is not set",
        ] { #expect(run.errors.contains("otp: \(text)"), "\(text)\n\(run)") }
        #expect(!"\(run)".contains(Self.secret))
        let (json, _) = try await Self.config(yaml, ["--json"], environment: environment)
        let report = try json.json(Report.self)
        #expect(json.status == 78 && !report.valid && report.errors.map(\.name).contains("brnad"))
        #expect(report.errors.count == run.errors.split(separator: "\n").count && json.errors.isEmpty)
    }

    @Test func commandsRefuseAFileWithAMistake() async throws {
        try await withFolder { folder in
            let path = folder + "/otp.yaml"
            try "codeLength: 6\nkyes: \(Self.secret)\n".write(toFile: path, atomically: true, encoding: .utf8)
            for command in [["issue", "+6591234567"], ["serve"], ["doctor"], ["inbox", "list"], ["guard", "status"]] {
                let run = try await Program.run(command, environment: ["OTP_CONFIG": path])
                #expect(run.status == 78 && run.errors.contains("kyes, from \(path):2, cannot be used"), "\(run)")
                #expect(!"\(run)".contains(Self.secret))
            }
        }
    }
}
