// SPDX-License-Identifier: Apache-2.0

/// The inbox that the page of the demo shows next to its form.
package struct DemoInbox: Sendable {
    /// The URL of the complete inbox; `nil` if there is no such page.
    package var url: String?

    /// A closure that returns the newest messages, newest first, and a cursor after the newest message.
    package var newest: @Sendable () async -> (messages: [DemoMessage], cursor: String)

    /// A closure that waits until there is a message after a cursor, for at most the given time.
    package var wait: @Sendable (_ cursor: String, _ timeout: Duration) async -> Void

    /// Creates an inbox.
    ///
    /// - Parameters:
    ///   - url: The URL of the complete inbox; `nil` if there is no such page.
    ///   - newest: A closure that returns the newest messages, newest first, and a cursor after the newest message.
    ///   - wait: A closure that waits until there is a message after a cursor, for at most the given time. The closure returns
    ///     early if its task is cancelled.
    package init(
        url: String? = nil,
        newest: @escaping @Sendable () async -> (messages: [DemoMessage], cursor: String),
        wait: @escaping @Sendable (_ cursor: String, _ timeout: Duration) async -> Void
    ) {
        self.url = url
        self.newest = newest
        self.wait = wait
    }

    func view() async -> InboxView {
        let (messages, cursor) = await self.newest()
        return InboxView(messages: messages, cursor: cursor, url: self.url)
    }
}
