// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser

struct InboxListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the messages, newest first.",
        discussion: """
            EXAMPLES
              otp inbox list
              otp inbox list --to '+65 9123 4567' --json

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions
    @OptionGroup var messages: FilterOptions

    @Option(help: ArgumentHelp("The maximum number of messages.", valueName: "number"))
    var limit = 50

    func validate() throws {
        guard (1...1000).contains(self.limit) else { throw ValidationError("--limit must be 1 to 1000") }
    }

    func run() async throws {
        try await self.common.run { output in
            let filter = try self.messages.filter(self.inbox.settings)
            let messages = try await self.inbox.withInbox { try await $0.messages(filter, limit: self.limit) }
            if messages.isEmpty { output.note("no messages") }
            if !messages.isEmpty || output.isJSON {
                try output.show(messages, lines: messages.map(\.line).joined(separator: "\n"))
            }
        }
    }
}
