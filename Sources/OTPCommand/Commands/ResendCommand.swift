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

    @Argument(help: "The phone number.")
    var number: String

    @Argument(help: "The token that issue printed.")
    var token: String

    @Option(help: "The purpose that the code was issued for.")
    var purpose = "registration"

    @Option(help: "The language of the message, such as en or zh-CN.")
    var locale: String?

    @Option(help: "Further data that the code was bound to.")
    var context: String?

    func run() async throws {
        try await self.common.run { output in
            let number = try Arguments.number(self.number)
            let token = try Arguments.token(self.token)
            let purpose = try Arguments.purpose(self.purpose)
            let locale = try Arguments.locale(self.locale, in: self.sending.settings)
            let challenge = try await withService(self.sending.settings, for: .issue, in: locale) { service in
                try await service.resend(
                    for: number,
                    token: token,
                    purpose: purpose,
                    context: self.context.map { [$0] } ?? [],
                    locale: locale
                )
            }
            try output.show(ChallengeReport(challenge, to: number))
        }
    }
}
