// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP
import SMSKit

struct UnlockCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var unlocked = true
        var to: String
    }

    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Delete the failed attempts of a number, after another proof of identity.",
        discussion: """
            EXAMPLES
              otp unlock '+65 9123 4567'
              otp unlock +447700900123 --json

            ENVIRONMENT
              OTP_REDIS_URL, OTP_KEYS
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The phone number.")
    var number: String

    func run() async throws {
        try await self.common.run { output in
            let number = try Arguments.number(self.number)
            try await withService(.environment, for: .verify) { try await $0.unlock(for: number) }
            try output.show(Report(to: number.description), lines: "unlocked \(number)")
        }
    }
}
