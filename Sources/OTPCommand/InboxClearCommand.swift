import AlibabaSMSEmulator
import ArgumentParser

struct InboxClearCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var cleared = true
    }

    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Remove all messages from the inbox.",
        discussion: """
            EXAMPLES
              otp inbox clear
              otp inbox clear --inbox-url http://127.0.0.1:8026

            ENVIRONMENT
              OTP_INBOX_URL, or else OTP_SMS_ENDPOINT
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
