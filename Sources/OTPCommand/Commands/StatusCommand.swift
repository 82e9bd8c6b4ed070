// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JSONOutput
import OTP

struct StatusCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var attemptsRemaining: Int
        var sends: Int
        var expiresAt: Date
        var resendAt: Date?
    }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show attempts, messages and times of a live challenge.",
        discussion: """
            EXAMPLES
              otp status '+65 9123 4567' "$TOKEN"
              otp status +447700900123 "$TOKEN" --json

            ENVIRONMENT
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @OptionGroup var challenge: ChallengeArguments

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sources.settings()
            let (number, token) = try self.challenge.parse(settings)
            let status = try await withService(settings, for: .verify) {
                try await $0.status(for: number, token: token)
            }
            let report = Report(
                attemptsRemaining: status.attemptsRemaining,
                sends: status.sendCount,
                expiresAt: status.expiresAt,
                resendAt: status.resendAllowedAt
            )
            let lines = """
                attempts left  \(report.attemptsRemaining)
                messages sent  \(report.sends)
                expires        \(report.expiresAt.rfc3339)
                resend from    \(report.resendAt?.rfc3339 ?? "not before it expires")
                """
            try output.show(report, lines: lines)
        }
    }
}
