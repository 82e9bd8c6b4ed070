// SPDX-License-Identifier: Apache-2.0

/// The inbox that the page shows next to its form.
package struct DemoInbox: Sendable {
    /// The URL of the complete inbox; `nil` without one.
    package var url: String?

    /// Returns the newest messages, newest first, and a cursor after the newest one.
    package var newest: @Sendable () async -> (messages: [DemoMessage], cursor: String)

    /// Waits until there is a message after a cursor, for at most the given time.
    package var wait: @Sendable (_ cursor: String, _ timeout: Duration) async -> Void

    /// Creates an inbox.
    ///
    /// - Parameters:
    ///   - url: The URL of the complete inbox; `nil` without one.
    ///   - newest: Returns the newest messages, newest first, and a cursor after the newest one.
    ///   - wait: Waits until there is a message after a cursor, for at most the given time. It returns early if its task is
    ///     cancelled.
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
