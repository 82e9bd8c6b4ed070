// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTPEnvironment
import SendGuard

struct GuardSetCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var rule: String
        /// The mode that applies now.
        var mode: String
        var policyMode: String
        var version: Int
    }

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
            let mode = GuardMode.allCases.first { "\($0)" == self.mode }
            guard mode != nil || self.mode == "policy" else {
                throw CommandFailure.usage("MODE must be off, monitor, challenge, shadow, block or policy")
            }
            let report = try await withGuard(settings) { sendGuard in
                let modes = try await sendGuard.setMode(mode, of: rule)
                let policyMode = sendGuard.configuredPolicy[rule]?.mode ?? .off
                return Report(
                    rule: "\(rule)",
                    mode: "\(mode ?? policyMode)",
                    policyMode: "\(policyMode)",
                    version: modes.version
                )
            }
            let event = AuditEvent(.mode, at: Date(), [.rule: report.rule, .outcome: report.mode])
            await recordAction(event, by: nil, settings, output)
            let origin = self.mode == "policy" ? "as in the policy" : "the policy has \(report.policyMode)"
            try output.show(report, lines: "\(report.rule): \(report.mode) (\(origin))")
        }
    }
}
