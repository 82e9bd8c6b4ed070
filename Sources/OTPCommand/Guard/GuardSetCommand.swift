// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTPEnvironment
import OperatorReports
import SendGuard

struct GuardSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the mode of a rule in all processes that share the Redis.",
        discussion: """
            The modes are off, monitor, challenge, shadow and block. The mode "policy" ends the change. A process applies \
            the mode starting with its second decision after this command. The modes end a year after the last change: put a \
            lasting change into the policy.

            EXAMPLES
              otp guard set unverified-region monitor
              otp guard set unverified-region policy --json

            ENVIRONMENT
              \(EnvironmentHelp.sendGuard)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Argument(help: "The rule, such as unverified-block. 'otp guard status' lists all.")
    var rule: String

    @Argument(help: "off, monitor, challenge, shadow, block, or policy.")
    var mode: String

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sources.settings()
            guard let rule = GuardRule.Name(self.rule) else {
                throw CommandFailure.usage("RULE is not a rule: 'otp guard status' lists all")
            }
            guard let change = ModeChange(of: rule, to: self.mode) else {
                throw CommandFailure.usage("MODE must be off, monitor, challenge, shadow, block or policy")
            }
            let (report, policy) = try await withGuard(settings) {
                (try await $0.apply(change), $0.configuredPolicy)
            }
            await recordAction(change.event(in: policy, by: NSUserName()), settings, output)
            let origin = change.mode == nil ? "as in the policy" : "the policy has \(report.policyMode)"
            try output.show(report, lines: "\(report.rule): \(report.mode) (\(origin))")
        }
    }
}
