// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import OTP

/// Tests that the documentation lists exactly the log records, metrics and spans in the code.
@Suite struct ObservabilityDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let modules = [
        "OTP", "OTPRedis", "OTPServer", "Hiredis", "AlibabaSMS", "OTPCommand/Logging", "Webhooks/Sending",
    ]

    private static let files = ["SettingsReloader", "DeliveryReportReceiver"]

    private static let calls = OTPMetrics.Operation.allCases.map(\.name)

    /// The source of all modules that write log records.
    private static func source() throws -> String {
        let modules = try Self.modules
            .flatMap { module -> [String] in
                let folder = Self.root.appendingPathComponent("Sources/\(module)").path
                let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
                return try files.filter { $0.hasSuffix(".swift") }.sorted()
                    .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
            }
        let files = try Self.files.map { file in
            let path = Self.root.appendingPathComponent("Sources/OTPCommand/Serve/\(file).swift")
            return try String(contentsOf: path, encoding: .utf8)
        }
        return (modules + files)
            .joined(separator: "\n")
            .split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    }

    /// The pages with the tables, by the beginnings of the tables' headers.
    private static let pages = ["Level | Message": "Observability", "Metric": "Metrics", "Span": "Traces"]

    /// Returns the cells of the rows of the table whose header begins with a title.
    private static func table(_ title: String) throws -> [[String]] {
        let name = try #require(Self.pages[title])
        let page = Self.root.appendingPathComponent("Docs/\(name).md")
        let lines = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("| \(title) |") })
        return lines[(start + 2)...].prefix { $0.hasPrefix("|") }
            .map { row in
                row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
    }

    /// Returns the texts in backquotes in a cell.
    private static func names(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func matches(_ pattern: Regex<(Substring, Substring)>, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String($0.output.1) })
    }

    private static func literals(_ prefixes: String, in text: String) throws -> Set<String> {
        let key = try Regex("\"((?:\(prefixes))\\.[a-z._]+)\"", as: (Substring, Substring).self)
        return Self.matches(key, in: text)
    }

    @Test func everyMessageIsListedWithItsLevel() throws {
        let source = try Self.source()
        var documented: [String: Set<String>] = [:]
        for row in try Self.table("Level | Message") {
            for message in Self.names(row[1]) { documented[message] = Set(Self.names(row[0])) }
        }
        let fixed = /ogger(?:\.current)?\.(debug|info|notice|warning|error)\(\s*"([^"\\]+)"/
        for match in source.matches(of: fixed) {
            let (level, message) = (String(match.output.1), String(match.output.2))
            #expect(documented.removeValue(forKey: message) != nil || message == "Credential could not be fetched")
            let row = try Self.table("Level | Message").first { Self.names($0[1]).contains(message) }
            #expect(row.map { Self.names($0[0]) } == [level], "\(message)")
        }
        // The level of these log records depends on the error.
        for match in source.matches(of: /level: [^"]*"([A-Z][^"\\]+)"/) {
            #expect(documented.removeValue(forKey: String(match.output.1))?.count == 2, "\(match.output.1)")
        }
        #expect(Set(documented.keys) == Set(Self.calls))
    }

    @Test func everyKeyIsListed() throws {
        let listed =
            try Self.table("Level | Message").flatMap { Self.names($0[2]) }
            + Self.table("Span").flatMap { Self.names($0[2]) }
        let labels = try Self.metrics()
        let spans: Set = ["otp.store", "sms.send"]
        let used = try Self.literals("otp|sms|redis|credential|db|error|http|server|audit", in: Self.source())
        #expect(
            Set(listed)
                == used.subtracting(labels).subtracting(spans).subtracting(Self.calls).union(["otp.sends.overdue"])
        )
    }

    private static func metrics() throws -> Set<String> {
        Self.matches(/label: "([^"\\]+)"/, in: try Self.source()).filter { $0.contains(".") }
            .union(Self.calls).union(Self.calls.map { "\($0).duration" })
    }

    @Test func everyMetricIsListed() throws {
        let listed = try Self.table("Metric").flatMap { Self.names($0[0]) }
        #expect(try Set(listed) == Self.metrics())
        #expect(Set(listed).count == listed.count)
        let kinds = Set(try Self.table("Metric").map { $0[1] })
        #expect(kinds == ["counter", "timer", "gauge"])
    }

    @Test func everyLabelIsListed() throws {
        let listed = try Self.table("Metric").flatMap { Self.names($0[2]) }
        var used: Set<String> = []
        for list in try Self.source().matches(of: /dimensions(?: =|:) \[([^\]]*)\]/) {
            used.formUnion(Self.matches(/\("([a-z]+)",\s/, in: String(list.output.1)))
        }
        #expect(Set(listed) == used)
    }

    @Test func everySpanIsListed() throws {
        let listed = try Self.table("Span").flatMap { Self.names($0[0]) }
        let fixed = Self.matches(/(?:withSpan|startAnySpan)\(\s*"([^"\\]+)"/, in: try Self.source())
        #expect(Set(listed) == fixed.union(Self.calls))
    }
}
