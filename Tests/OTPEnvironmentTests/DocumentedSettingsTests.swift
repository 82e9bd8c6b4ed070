// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTPEnvironment

/// Tests that the documentation lists exactly the environment variables that the library reads.
struct DocumentedSettingsTests {
    /// A row of the documented table of variables.
    struct Row {
        var names: [String]
        var cells: [String]
    }

    static func rows() throws -> [Row] {
        try Environment.page("Docs/Settings.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { line in
                let cells = line.split(separator: " | ").map(String.init)
                let names = cells[0].matches(of: /`([A-Z_]+)`/).map { String($0.1) }
                return Row(names: names, cells: cells)
            }
    }

    @Test func everyDocumentedVariableIsReadAndEveryReadOneIsDocumented() throws {
        // Only the command reads the variables of the inbox, of the sources of settings and of the HTTP service.
        let command: Set = [
            "OTP_INBOX_URL", "OTP_INBOX_NAMESPACE", "OTP_INBOX_TOKEN", "OTP_CONFIG", "OTP_SECRETS_DIRECTORY",
        ]
        let service: Set = [
            "OTP_API_KEYS", "OTP_TRUSTED_PROXIES", "OTP_PROXY_HEADER", "OTP_LISTEN", "OTP_METRICS_LISTEN",
            "OTP_LOG_FORMAT", "OTP_LOG_LEVEL", "OTP_DRAIN_DELAY", "OTP_REPORT_PATH_SECRET", "OTP_WEBHOOK_URL",
            "OTP_WEBHOOK_SECRET", "OTP_WEBHOOK_ALLOW_PRIVATE",
        ]
        let listed = Set(try Self.rows().flatMap(\.names))
        #expect(listed.isSuperset(of: command))
        let limits = try Environment.page("Docs/Limits.md").split(separator: "\n").filter { $0.hasPrefix("|") }
        let policy = Set(limits.flatMap { $0.matches(of: /`(OTP_[A-Z0-9_]+)`/).map { String($0.1) } })
        let read = Set(OTPSettings.variables.map { $0.uppercased() })
        #expect(listed.union(policy).subtracting(command).subtracting(service) == read)
        #expect(policy.isSuperset(of: PolicySetting.all.map(\.variable.name)))
    }

    @Test func everyRequiredVariableOfAServiceIsMarked() throws {
        let required = try Self.rows().filter { $0.cells[1] != "–" }.flatMap(\.names)
        #expect(Set(required).isSuperset(of: ["OTP_REDIS_URL", "OTP_KEYS", "OTP_COUNTRIES"]))
    }
}
