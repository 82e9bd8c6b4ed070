// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
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

    @OptionGroup var action: OperatorAction

    func run() async throws {
        try await self.common.run { output in
            let event = AuditEvent(.revoke, at: Date(), [.reason: "devices"])
            let number = try await self.action.run(event, output) { try await $0.revokeDevices(of: $1, by: $2) }
            try output.show(Report(to: number.description), lines: "revoked the device tokens of \(number)")
        }
    }
}
