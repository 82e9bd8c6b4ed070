// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP

struct ResendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Resend the code of a live challenge, or a new code if OTP_RESEND is renew.",
        discussion: """
            EXAMPLES
              otp resend '+65 9123 4567' "$TOKEN"
              otp resend '+65 9123 4567' "$TOKEN" --locale zh-CN --json

            ENVIRONMENT
              as for otp issue
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions

    @OptionGroup var challenge: ChallengeArguments
    @OptionGroup var message: MessageOptions
    @OptionGroup(title: "Client") var client: ClientOptions
    @OptionGroup(title: "Client") var device: DeviceOptions

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sending.settings
            let (number, token) = try self.challenge.parse(settings)
            let purpose = try self.message.code.purpose
            let locale = try Arguments.locale(self.message.locale, in: settings)
            let client = try self.device.info(self.client)
            let challenge = try await withService(settings, for: .issue, in: locale) { service in
                try await service.resend(
                    for: number,
                    token: token,
                    purpose: purpose,
                    context: self.message.code.context,
                    locale: locale,
                    client: client
                )
            }
            try output.show(ChallengeReport(challenge, to: number))
        }
    }
}
