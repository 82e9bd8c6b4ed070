// SPDX-License-Identifier: Apache-2.0

import OTPEnvironment
import Testing

/// Tests that the documentation lists exactly the environment variables that the library reads.
struct DocumentedSettingsTests {
    /// A row of the documented table of variables.
    struct Row {
        var names: [String]
        var cells: [String]
    }

    static func rows() throws -> [Row] {
        let page = try Environment.page("Docs/Operations.md")
        let section = try #require(
            page.split(separator: "\n## Settings of `otp`\n").last?.split(separator: "\n## ").first
        )
        return section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { line in
                let cells = line.split(separator: " | ").map(String.init)
                let names = cells[0].matches(of: /`([A-Z_]+)`/).map { String($0.1) }
                return Row(names: names, cells: cells)
            }
    }

    @Test func everyDocumentedVariableIsReadAndEveryReadOneIsDocumented() throws {
        // Only the command reads the variables of the emulator's inbox.
        let inbox: Set = ["OTP_INBOX_URL", "OTP_INBOX_NAMESPACE", "OTP_INBOX_TOKEN"]
        let documented = Set(try Self.rows().flatMap(\.names))
        #expect(documented.isSuperset(of: inbox))
        let read = Set(OTPSettings.variables.map { $0.uppercased() })
        #expect(documented.subtracting(inbox) == read)
    }

    @Test func everyRequiredVariableOfAServiceIsMarked() throws {
        let required = try Self.rows().filter { $0.cells[1] != "–" }.flatMap(\.names)
        #expect(Set(required).isSuperset(of: ["OTP_REDIS_URL", "OTP_KEYS", "OTP_COUNTRIES"]))
    }
}
