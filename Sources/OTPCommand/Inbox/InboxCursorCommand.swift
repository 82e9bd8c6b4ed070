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
              OTP_INBOX_URL, or else OTP_SMS_ENDPOINT
              OTP_INBOX_NAMESPACE, OTP_INBOX_TOKEN
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

/// The option for the cursor after which messages are read.
struct AfterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only messages after this cursor (see inbox cursor).", valueName: "cursor"))
    var after: String?

    func validate() throws {
        guard self.after.map({ InboxCursor($0) != nil }) ?? true else {
            throw ValidationError("--after must be a cursor that otp inbox cursor printed")
        }
    }

    var cursor: InboxCursor? { self.after.flatMap { InboxCursor($0) } }
}
