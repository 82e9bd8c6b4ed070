// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser

struct InboxClearCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var cleared = true
    }

    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Delete all messages of the inbox, or those of one namespace.",
        discussion: """
            EXAMPLES
              otp inbox clear
              otp inbox clear --namespace job-7
              otp inbox clear --inbox-url http://127.0.0.1:8026

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions

    func run() async throws {
        try await self.common.run { output in
            try await self.inbox.withInbox { try await $0.clear() }
            try output.show(Report(), lines: "cleared")
        }
    }
}
