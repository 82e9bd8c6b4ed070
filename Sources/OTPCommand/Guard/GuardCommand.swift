// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct GuardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "Show and change what the guard against SMS pumping does.",
        discussion: """
            EXAMPLES
              otp guard status
              otp guard report --days 7
              otp guard set growth-region monitor
              otp guard lockdown on --region SG --for 2h
            """,
        subcommands: [
            GuardStatusCommand.self, GuardReportCommand.self, GuardSetCommand.self, GuardLockdownCommand.self,
        ]
    )
}
