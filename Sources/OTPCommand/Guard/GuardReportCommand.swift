// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTPEnvironment
import OperatorReports
import SendGuard

struct GuardReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show what each rule did, and how many sends were verified by region and block.",
        discussion: """
            For a rule in the mode monitor, the report counts the sends that it would have refused. A code that is \
            verified after midnight in UTC counts for the next day. Processes write their counts every 10 seconds.

            EXAMPLES
              otp guard report
              otp guard report --days 7 --json

            ENVIRONMENT
              \(EnvironmentHelp.sendGuard)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Option(help: "The number of days until today, 1 to 32.")
    var days = 1

    @Option(help: "The number of blocks to show, those with the most sends.")
    var blocks = 20

    func validate() throws {
        guard (1...32).contains(self.days) else { throw ValidationError("--days must be 1 to 32") }
        guard (0...1_000).contains(self.blocks) else { throw ValidationError("--blocks must be 0 to 1000") }
    }

    func run() async throws {
        try await self.common.run { output in
            let reports = try await withGuard(self.sources.settings()) { try await $0.reports(ofLastDays: self.days) }
            let report = GuardReport(reports, mostBlocks: self.blocks)
            try output.show(report, lines: report.text)
        }
    }
}
