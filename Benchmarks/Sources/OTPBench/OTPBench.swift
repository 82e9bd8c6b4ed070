// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging

@main
struct OTPBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scripts/bench",
        abstract: "Compare the library with other software.",
        subcommands: [
            RedisCommand.self, GuardCommand.self, SMSCommand.self, HTTPCommand.self, EmulatorCommand.self,
            HTTPServerCommand.self, WorkerCommand.self,
        ],
        defaultSubcommand: RedisCommand.self
    )

    static func main() async {
        // Standard output has the figures, and a record for each message would be measured, too.
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        await Self.main(nil)
    }
}
