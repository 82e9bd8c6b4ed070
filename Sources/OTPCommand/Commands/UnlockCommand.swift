// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import SMSKit
import SendGuard

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
              otp unlock +447700900123 --operator alice --json

            ENVIRONMENT
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions

    @OptionGroup var action: OperatorAction

    func run() async throws {
        try await self.common.run { output in
            let event = AuditEvent(.unlock, at: Date())
            let number = try await self.action.run(event, output) { try await $0.unlock(for: $1, by: $2) }
            try output.show(Report(to: number.description), lines: "unlocked \(number)")
        }
    }
}
