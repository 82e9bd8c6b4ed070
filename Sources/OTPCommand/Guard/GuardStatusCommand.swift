// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment
import OperatorReports
import SendGuard

struct GuardStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the modes of all rules, lockdowns, open breakers and used budgets.",
        discussion: """
            Includes the service, the regions of the policy and of today's sends, and the blocks in which a rule found \
            something today. Addresses are not included, because the store contains only their hashes.

            EXAMPLES
              otp guard status
              otp guard status --tenant acme --purpose sign-in --json

            ENVIRONMENT
              \(EnvironmentHelp.sendGuard)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Option(help: "A tenant to include; can be repeated. Tenants with a budget in the policy are always included.")
    var tenant: [String] = []

    @Option(help: "A purpose of these tenants to include; can be repeated.")
    var purpose: [String] = []

    func run() async throws {
        try await self.common.run { output in
            let status = try await withGuard(self.sources.settings()) {
                try await $0.status(tenants: self.tenant, purposes: self.purpose)
            }
            let report = GuardStatusReport(status)
            try output.show(report, lines: report.text)
        }
    }
}
