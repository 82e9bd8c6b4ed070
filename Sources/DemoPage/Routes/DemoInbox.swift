// SPDX-License-Identifier: Apache-2.0

/// The inbox next to the form on the page.
package struct DemoInbox: Sendable {
    /// The URL of the complete inbox; `nil` if there is no such page.
    package var url: String?

    /// Returns the newest messages, with the newest first, and a cursor after the newest message.
    package var newest: @Sendable () async -> (messages: [DemoMessage], cursor: String)

    /// Waits until there is a message after a cursor, or until the timeout expires.
    package var wait: @Sendable (_ cursor: String, _ timeout: Duration) async -> Void

    /// Creates an inbox.
    ///
    /// - Parameters:
    ///   - url: The URL of the complete inbox; `nil` if there is no such page.
    ///   - newest: Returns the newest messages, with the newest first, and a cursor after the newest message.
    ///   - wait: Waits until there is a message after a cursor, until the timeout expires, or until the task is cancelled.
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
