// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show each setting with its value and its source. Exits 78 if a setting is invalid.",
        discussion: """
            The sources, in the order of precedence, are the options, the environment, the files in /run/secrets, the YAML \
            file, and the defaults. Secrets are shown as "set" or "not set". No connection is opened; otp doctor also checks \
            Redis and the gateway.

            EXAMPLES
              otp config
              otp config --config otp.yaml --json

            ENVIRONMENT
              OTP_CONFIG, OTP_SECRETS_DIRECTORY, and all other variables
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "Settings") var sending: SendingOptions
    @OptionGroup(title: "Operation") var operation: ServeOptions

    func run() async throws {
        try await self.common.run { output in
            let options = self.sending.values.merging(self.operation.values) { $1 }
            let layers = try SettingsLayers(options: options)
            let settings = layers.settings
            let problems = layers.problems + (await Self.problems(settings))
            let report = ConfigReport(settings, problems)
            try output.show(report, lines: report.text)
            for problem in problems { output.note("otp: \(problem)") }
            guard problems.isEmpty else { throw ExitCode(ExitStatus.configuration.rawValue) }
        }
    }

    /// Returns the errors for all missing and invalid settings.
    private static func problems(_ settings: OTPSettings) async -> [OTPSettingsError] {
        var problems = SettingProblems(await settings.problems())
        ServerSettings.check(settings, &problems)
        settings.checkInbox(&problems)
        return problems.all
    }
}
