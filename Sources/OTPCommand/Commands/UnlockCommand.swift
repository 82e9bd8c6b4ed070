// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import OTPEnvironment
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

    @OptionGroup var number: NumberArgument

    @Option(name: .customLong("operator"), help: "Your name, for the audit event. The default is your user name.")
    var operatorName: String?

    func run() async throws {
        try await self.common.run { output in
            let (settings, number) = (OTPSettings.environment, try self.number.phoneNumber())
            let name = self.operatorName ?? NSUserName()
            try await withService(settings, for: .verify) { try await $0.unlock(for: number, by: name) }
            if settings.value("OTP_AUDIT") == nil {
                var event = AuditEvent(.unlock, at: Date())
                event.set(number: number)
                await recordAction(event, by: name, settings, output)
            }
            try output.show(Report(to: number.description), lines: "unlocked \(number)")
        }
    }
}
