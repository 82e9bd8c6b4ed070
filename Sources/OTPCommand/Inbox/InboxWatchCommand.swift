// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import UnixSignals

struct InboxWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print messages as they arrive, until Ctrl-C.",
        discussion: """
            With --json, each message is one object per line.

            EXAMPLES
              otp inbox watch
              otp inbox watch --to '+65 9123 4567' --json
              otp inbox watch --since 0

            ENVIRONMENT
              \(EnvironmentHelp.inbox)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var inbox: InboxOptions
    @OptionGroup var messages: FilterOptions

    @Option(
        help: ArgumentHelp(
            "Start with existing messages: after this id, or since this RFC 3339 time.",
            valueName: "id-or-time"
        )
    )
    var since: String?

    func validate() throws {
        guard self.since.map({ InboxFilter.Since($0) != nil }) ?? true else {
            throw ValidationError("--since must be the id of a message or an RFC 3339 time")
        }
    }

    func run() async throws {
        try await self.common.run { output in
            var filter = try self.messages.filter(self.inbox.settings)
            filter.since = self.since.flatMap { InboxFilter.Since($0) }
            let given = filter
            let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
            try await self.inbox.withInbox { inbox in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Self.watch(inbox, given, output) }
                    group.addTask { for await _ in signals { break } }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    private static func watch(_ inbox: InboxClient, _ given: InboxFilter, _ output: Output) async throws {
        var filter = given
        if filter.since == nil && filter.after == nil { filter.after = try await inbox.cursor() }
        output.note("watching; stop with Ctrl-C")
        while !Task.isCancelled {
            for message in try await inbox.messages(filter, limit: 1000).reversed() {
                try output.show(message, lines: message.line)
                filter.since = .message(message.id)
            }
            _ = try await inbox.wait(for: filter, timeout: .seconds(30))
        }
    }
}
