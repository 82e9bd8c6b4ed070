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
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var number: NumberArgument

    func run() async throws {
        try await self.common.run { output in
            let number = try self.number.phoneNumber()
            try await withService(.environment, for: .verify) { try await $0.unlock(for: number) }
            try output.show(Report(to: number.description), lines: "unlocked \(number)")
        }
    }
}
