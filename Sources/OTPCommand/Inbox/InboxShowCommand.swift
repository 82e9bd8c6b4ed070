// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser

struct InboxShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one message in full. Exits 2 if it does not exist.",
        discussion: """
            EXAMPLES
              otp inbox show 1
              otp inbox show 1 --json

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions

    @Argument(help: "The id that otp inbox list shows.")
    var id: Int

    func run() async throws {
        try await self.common.run { output in
            guard let message = try await self.inbox.withInbox({ try await $0.message(id: self.id) }) else {
                throw CommandFailure(.negative, "noMessage", "no message \(self.id)")
            }
            try output.show(message, lines: message.details)
        }
    }
}
