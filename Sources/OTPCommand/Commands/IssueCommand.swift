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
              otp issue +447700900123 --device device-token.txt

            ENVIRONMENT
              \(EnvironmentHelp.indented(EnvironmentHelp.sending))
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions

    @OptionGroup var number: NumberArgument
    @OptionGroup var message: MessageOptions
    @OptionGroup(title: "Client") var client: ClientOptions
    @OptionGroup(title: "Client") var device: DeviceOptions

    @Flag(help: "Allow verification by number alone; a stranger can then use up the attempts.")
    var tokenless = false

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sending.settings
            let number = try self.number.phoneNumber(settings)
            let purpose = try self.message.code.purpose
            let locale = try Arguments.locale(self.message.locale, in: settings)
            let context = self.message.code.context
            let client = try self.device.info(self.client)
            let report = try await withService(settings, for: .issue, in: locale) { service in
                guard self.tokenless else {
                    let challenge = try await service.issue(
                        for: number,
                        purpose: purpose,
                        context: context,
                        locale: locale,
                        client: client
                    )
                    return ChallengeReport(challenge, to: number)
                }
                let challenge = try await service.issueTokenless(
                    for: number,
                    purpose: purpose,
                    context: context,
                    locale: locale,
                    client: client
                )
                return ChallengeReport(challenge, to: number)
            }
            try output.show(report)
        }
    }
}
