// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import SMSKit

struct InboxWaitCommand: AsyncParsableCommand {
    private struct CodeReport: Encodable {
        var code: String
    }

    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait for a message to a number. Exits 2 after the timeout.",
        discussion: """
            If messages exist already, the newest one is printed immediately. With a cursor from before an action, \
            only messages after the action are read.

            EXAMPLES
              cursor=$(otp inbox cursor)     # … send the message …
              otp inbox wait '+65 9123 4567' --after "$cursor" --code
              otp inbox wait '+65 9123 4567' --code
              otp inbox wait +447700900123 --since 3 --timeout 10 --json

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions
    @OptionGroup var place: AfterOptions

    @OptionGroup var number: NumberArgument

    @Flag(help: "Print only the code.")
    var code = false

    @Option(help: ArgumentHelp("The timeout.", valueName: "seconds"))
    var timeout = 30.0

    @Option(help: ArgumentHelp("Only messages after this id, or since this RFC 3339 time.", valueName: "id-or-time"))
    var since: String?

    func validate() throws {
        guard (0...86_400).contains(self.timeout) else { throw ValidationError("--timeout must be 0 to 86400 seconds") }
        guard self.since.map({ InboxFilter.Since($0) != nil }) ?? true else {
            throw ValidationError("--since must be the id of a message or an RFC 3339 time")
        }
    }

    func run() async throws {
        try await self.common.run { output in
            let number = try self.number.phoneNumber(self.inbox.settings)
            let since = self.since.flatMap { InboxFilter.Since($0) }
            let message = try await self.inbox.withInbox { inbox in
                try await self.wait(
                    for: InboxFilter(to: number.e164, since: since, after: self.place.cursor),
                    in: inbox
                )
            }
            guard let message else {
                let kind = self.code ? "message with a code" : "message"
                throw CommandFailure(.negative, "timeout", "no \(kind) to \(number) within \(self.timeout) s")
            }
            guard self.code else { return try output.show(message, lines: message.details) }
            let code = message.code ?? ""
            try output.show(CodeReport(code: code), lines: code.inOneLine)
        }
    }

    /// Waits for a message, with several requests if necessary, because one request waits at most one minute.
    private func wait(for filter: InboxFilter, in inbox: InboxClient) async throws -> InboxMessage? {
        var filter = filter
        let deadline = ContinuousClock.now + .seconds(self.timeout)
        repeat {
            let rest = min(max(deadline - .now, .zero), .seconds(60))
            guard let message = try await inbox.wait(for: filter, timeout: rest) else { continue }
            if !self.code || message.code != nil { return message }
            filter.since = .message(message.id)
        } while ContinuousClock.now < deadline
        return nil
    }
}
