// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import Testing

@testable import OTPRedis

/// Tests that `Docs/Record.md` agrees with the layout in the code and with a golden record.
@Suite struct RecordDocumentTests {
    private static func page() throws -> String {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Docs/Record.md").standardizedFileURL
        return try String(contentsOf: page, encoding: .utf8)
    }

    /// Returns the first columns of the documented rows of a section.
    private static func rows<Field: PackedFields>(_ section: String, _: Field.Type) -> [String] {
        Field.allCases.map { "| \(section) | `\($0.rawValue)` | \($0.offset) | \($0.size) |" }
    }

    @Test func tableListsEveryFieldWithItsOffsetAndSize() throws {
        let page = try Self.page()
        let rows =
            Self.rows("header", RecordLayout.Header.self) + Self.rows("refusals", RecordLayout.Refusals.self)
            + Self.rows("send", RecordLayout.Send.self) + Self.rows("challenge", RecordLayout.ChallengeHead.self)
            + Self.rows("counts", RecordLayout.ChallengeCounts.self) + Self.rows("state", RecordLayout.State.self)
            + [
                "| challenge | `authenticator` | – | \(RecordLayout.authenticatorSize) |",
                "| failure | `time` | 0 | 6 |",
            ]
        for row in rows { #expect(page.contains(row), "\(row)") }
        // The document has one more row for the key ID, because the size of the key ID varies.
        let sections = ["header", "refusals", "send", "challenge", "counts", "state", "failure"]
        let lines = page.split(separator: "\n").filter { line in sections.contains { line.hasPrefix("| \($0) | `") } }
        #expect(lines.count == rows.count + 1)
        #expect(page.contains("describes version \(RecordLayout.version)."))
    }

    @Test func exampleIsTheGoldenRecord() throws {
        let golden = try #require(try GoldenRecord.contents()["attempted"])
        let page = try Self.page()
        #expect(page.contains(RecordAnnotation(golden.bytes).lines.joined(separator: "\n")))
        #expect(page.contains("```\n\(golden.text)\n```"))
    }

    /// The sizes and formats of version 3 must not change.
    @Test func constantsAreThoseOfVersion3() {
        let expected = [
            "STATE.format": "'>BI3BBI6BB'", "STATE.size": "14", "FAILURE.format": "'>I6BI3BBI6BB'",
            "FAILURE.size": "20",
            "HEADER.format": "'>BHc0'", "HEADER.size": "3", "REFUSALS.format": "'>BI6'", "REFUSALS.size": "7",
            "SEND.format": "'>I6'", "SEND.size": "6", "HEAD.format": "'>c16c16B'", "HEAD.size": "33",
            "HEAD.check": "16",
            "HEAD.key_id_length": "32", "COUNTS.format": "'>BBI6BBc0'", "COUNTS.size": "10", "COUNTS.expiry": "2",
            "COUNTS.sends": "8", "COUNTS.sealed_length": "9", "COUNTS.attempts_format": "'>BBI6'",
            "STATE.expiry": "6", "STATE.failure_streak": "12", "RECORD.version": "3", "AUTHENTICATOR.size": "32",
            "SEND.zeros": #"'\0\0\0\0\0\0'"#, "STATE.cleared": #"'\0\0\0\0\0\0\0\0\0\0\0\0\3'"#,
            "REFUSAL.format": "'>BI6BBI6'", "ADMISSION.format": "'>BI6I6I6B'", "STATUS.format": "'>BI6I6I6BB'",
            "OUTCOME.format": "'>BI6'",
        ]
        for (name, value) in expected { #expect(ScriptTemplate.constants[name] == value, "\(name)") }
    }
}
