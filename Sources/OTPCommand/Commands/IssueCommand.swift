// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTP

struct IssueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Send a new code to a phone number and print the token that verifies it.",
        discussion: """
            EXAMPLES
              TOKEN=$(otp issue '+65 9123 4567')
              otp issue +447700900123 --purpose sign-in --locale en --json

            ENVIRONMENT
              required: OTP_REDIS_URL, OTP_KEYS, OTP_COUNTRIES, and
                ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET
                or another source of Alibaba's credential chain
              optional: ALIBABA_CLOUD_SECURITY_TOKEN, OTP_SMS_ENDPOINT,
                OTP_ALLOW_PLAINTEXT_ENDPOINT,
                OTP_SMS_SENDER_ID, OTP_BRAND, OTP_ORIGIN, OTP_LANGUAGES, OTP_TEXTS,
                OTP_MAXIMUM_SEGMENTS, OTP_RESEND,
                OTP_STS_ENDPOINT, OTP_METADATA_ENDPOINT, OTP_NUMBER_KINDS,
                OTP_NUMBERING_PLAN, HTTPS_PROXY, NO_PROXY
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions

    @Argument(help: "The phone number, with its calling code.")
    var number: String

    @Option(help: "The purpose of the code.")
    var purpose = "registration"

    @Option(help: "The language of the message, such as en or zh-CN.")
    var locale: String?

    @Option(help: "Further data that the code is bound to, such as an amount and a payee.")
    var context: String?

    @Flag(help: "Allow verification by number alone; a stranger can then use up the attempts.")
    var tokenless = false

    func run() async throws {
        try await self.common.run { output in
            let number = try Arguments.number(self.number)
            let purpose = try Arguments.purpose(self.purpose)
            let locale = try Arguments.locale(self.locale, in: self.sending.settings)
            let context = self.context.map { [$0] } ?? []
            let report = try await withService(self.sending.settings, for: .issue, in: locale) { service in
                guard self.tokenless else {
                    let challenge = try await service.issue(
                        for: number,
                        purpose: purpose,
                        context: context,
                        locale: locale
                    )
                    return ChallengeReport(challenge, to: number)
                }
                let challenge = try await service.issueTokenless(
                    for: number,
                    purpose: purpose,
                    context: context,
                    locale: locale
                )
                return ChallengeReport(challenge, to: number)
            }
            try output.show(report)
        }
    }
}
