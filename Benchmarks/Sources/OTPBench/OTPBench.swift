// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct OTPBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scripts/bench",
        abstract: "Measure the library beside others.",
        subcommands: [RedisCommand.self, SMSCommand.self, EmulatorCommand.self, WorkerCommand.self],
        defaultSubcommand: RedisCommand.self
    )
}
