// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP

struct CancelCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var cancelled = true
    }

    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a challenge. Its message stays counted.",
        discussion: """
            EXAMPLES
              otp cancel '+65 9123 4567' "$TOKEN"
              otp cancel +447700900123 "$TOKEN" --json

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
            try await withService(settings, for: .verify) { try await $0.cancel(for: number, token: token) }
            try output.show(Report(), lines: "cancelled")
        }
    }
}
