// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run attacks and users against the guard, in this process and on a virtual clock.",
        discussion: """
            EXAMPLES
              otp simulate pump
              otp simulate pump --seed 7 --json
            """,
        subcommands: [SimulatePumpCommand.self]
    )
}
