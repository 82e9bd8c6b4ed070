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
              OTP_REDIS_URL, OTP_KEYS
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The phone number.")
    var number: String

    @Argument(help: "The token that issue printed.")
    var token: String

    func run() async throws {
        try await self.common.run { output in
            let number = try Arguments.number(self.number)
            let token = try Arguments.token(self.token)
            try await withService(.environment, for: .verify) { try await $0.cancel(for: number, token: token) }
            try output.show(Report(), lines: "cancelled")
        }
    }
}
