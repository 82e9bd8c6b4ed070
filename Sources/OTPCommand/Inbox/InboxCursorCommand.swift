// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser

struct InboxCursorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var cursor: InboxCursor
    }

    static let configuration = CommandConfiguration(
        commandName: "cursor",
        abstract: "Print the cursor after the newest message, for --after.",
        discussion: """
            With a cursor from before an action, a later wait never reads an older message.

            EXAMPLES
              cursor=$(otp inbox cursor)
              TOKEN=$(otp issue '+65 9123 4567')
              otp inbox wait '+65 9123 4567' --after "$cursor" --code

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions

    func run() async throws {
        try await self.common.run { output in
            let cursor = try await self.inbox.withInbox { try await $0.cursor() }
            try output.show(Report(cursor: cursor), lines: "\(cursor)")
        }
    }
}
