// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var passed: Bool
        var checks: [Finding]
    }

    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Check settings, Redis and gateway. Exits 2 if a check failed, 78 if a setting is invalid.",
        discussion: """
            No message is sent. The real steps run on every Redis server that holds data, under separate keys \
            (otp:doctor:*) that expire after the check.

            EXAMPLES
              otp doctor
              otp doctor --json

            ENVIRONMENT
              as for otp issue
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    func run() async throws {
        try await self.common.run { output in
            let findings = try await Doctor(settings: self.sources.settings()).examine()
            let failed = findings.filter { $0.verdict == .fail }
            let report = Report(passed: failed.isEmpty, checks: findings)
            try output.show(report, lines: findings.map(\.line).joined(separator: "\n"))
            if findings.contains(where: \.isUnreadable) { throw ExitCode(ExitStatus.configuration.rawValue) }
            if !failed.isEmpty { throw ExitCode(ExitStatus.negative.rawValue) }
        }
    }
}

/// The result of one check.
struct Finding: Encodable, Sendable {
    enum Verdict: String, Encodable, Sendable {
        case ok, warn, fail
    }

    private enum CodingKeys: String, CodingKey { case check, node, value, verdict, remedy }

    var check: String
    /// The name of the server, if the check is about one of several servers; otherwise `nil`.
    var node: String?
    var value: String
    var verdict: Verdict
    var remedy: String?

    /// Whether the check failed because a setting is invalid.
    ///
    /// The command then exits with the status 78. A missing setting does not have this effect.
    var isUnreadable = false

    init(_ check: String, _ value: String, _ verdict: Verdict = .ok, remedy: String? = nil, node: String? = nil) {
        self.check = check
        self.node = node
        self.value = value
        self.verdict = verdict
        self.remedy = remedy
    }

    /// Returns a copy of this finding in which a failure is only a warning.
    func weakened() -> Finding {
        var finding = self
        if finding.verdict == .fail { finding.verdict = .warn }
        return finding
    }

    /// The finding as one line of text.
    var line: String {
        let remedy = self.remedy.map { "  → \($0)" } ?? ""
        let check = self.check.padding(toLength: 18, withPad: " ", startingAt: 0)
        let node = self.node.map { "\($0): " } ?? ""
        let verdict = self.verdict.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0)
        return "\(verdict)\(check)\(node)\(self.value)\(remedy)".inOneLine
    }
}
