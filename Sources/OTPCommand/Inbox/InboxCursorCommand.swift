import AlibabaSMSEmulator
import ArgumentParser

struct InboxCursorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var cursor: InboxCursor
    }

    static let configuration = CommandConfiguration(
        commandName: "cursor",
        abstract: "Print the place behind the newest message, for --after.",
        discussion: """
            Take it before an action, and a later wait never reads a message that was there already.

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

/// A place behind which messages are read.
struct AfterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only messages after this place, which inbox cursor prints.", valueName: "cursor"))
    var after: String?

    func validate() throws {
        guard self.after.map({ InboxCursor($0) != nil }) ?? true else {
            throw ValidationError("--after is what otp inbox cursor prints")
        }
    }

    var cursor: InboxCursor? { self.after.flatMap { InboxCursor($0) } }
}
