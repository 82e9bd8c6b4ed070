// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import OTPEnvironment
import SMSKit
import SendGuard

struct RevokeCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var revoked = true
        var to: String
    }

    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke all device tokens of a number, for example after the theft of a device.",
        discussion: """
            The devices of the number are then unknown until they verify the number again. Codes that were sent before stay \
            valid; cancel them with otp cancel.

            EXAMPLES
              otp revoke '+65 9123 4567'
              otp revoke +447700900123 --operator alice --json

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
            try await withService(settings, for: .verify) { try await $0.revokeDevices(of: number, by: name) }
            if settings.value("OTP_AUDIT") == nil {
                var event = AuditEvent(.revoke, at: Date(), [.reason: "devices"])
                event.set(number: number)
                await recordAction(event, by: name, settings, output)
            }
            try output.show(Report(to: number.description), lines: "revoked the device tokens of \(number)")
        }
    }
}
