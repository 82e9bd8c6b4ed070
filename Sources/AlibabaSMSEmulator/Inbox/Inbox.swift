// SPDX-License-Identifier: Apache-2.0

import Deadlines
import JSONOutput

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The inbox, which stores the newest accepted messages of each namespace.
public actor Inbox {
    private struct Waiter {
        var filter: InboxFilter
        var promise: Promise<InboxMessage?>
    }

    private let run: String
    private let events: InboxEvents
    private var log: NamespacedLog<InboxMessage>
    private var waiters: [Int: Waiter] = [:]
    private var lastWaiterID = 0

    init(capacity: Int, events: InboxEvents = InboxEvents()) {
        let symbols = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        self.run = String((0..<12).compactMap { _ in symbols.randomElement() })
        self.log = NamespacedLog(capacity: capacity)
        self.events = events
    }

    /// Appends a message, and resumes the ``wait(for:timeout:)`` calls whose filter matches the message.
    ///
    /// If the namespace of the message is full, the oldest message of this namespace is dropped.
    ///
    /// - Parameters:
    ///   - draft: The message without its ID.
    ///   - beforePublishing: A closure that is called with the message before any reader can see it.
    /// - Returns: The message with its ID.
    @discardableResult
    func append(_ draft: InboxMessage, beforePublishing: @Sendable (InboxMessage) -> Void = { _ in }) -> InboxMessage {
        var message = draft
        // The REST API encodes times in milliseconds, and a stored message must equal its decoded copy.
        message.receivedAt = message.receivedAt.inMilliseconds
        message = self.log.append(message)
        beforePublishing(message)
        self.events.publish(.message, message, in: message.namespace)
        for (id, waiter) in self.waiters where waiter.filter.matches(message) {
            self.waiters[id] = nil
            waiter.promise.fulfill(with: message)
        }
        return message
    }

    /// Updates a message, if the inbox still contains it.
    ///
    /// - Returns: The updated message, or `nil` if the inbox does not contain the message.
    @discardableResult
    func update(messageID: String, _ change: (inout InboxMessage) -> Void) -> InboxMessage? {
        guard let index = self.log.lastIndex(where: { $0.messageID == messageID }) else { return nil }
        let message = self.log.update(at: index, change)
        self.events.publish(.status, message, in: message.namespace)
        return message
    }

    /// Returns the messages that match a filter, newest first.
    ///
    /// - Parameters:
    ///   - filter: The filter.
    ///   - limit: The maximum number of messages.
    /// - Returns: The messages.
    public func messages(_ filter: InboxFilter = .init(), limit: Int = .max) -> [InboxMessage] {
        let filter = filter.resolved(for: self.run)
        return Array(self.log.newestFirst(in: filter.namespace).lazy.filter(filter.matches).prefix(max(0, limit)))
    }

    /// A cursor at the newest message of all namespaces.
    ///
    /// A filter with this cursor matches only later messages.
    public var cursor: InboxCursor { InboxCursor(run: self.run, id: self.log.lastID) }

    /// Returns the messages that match a filter, newest first, and a cursor at the newest message of all namespaces.
    func page(_ filter: InboxFilter, limit: Int) -> (messages: [InboxMessage], cursor: InboxCursor) {
        (self.messages(filter, limit: limit), self.cursor)
    }

    /// Returns the message with an ID.
    ///
    /// - Parameters:
    ///   - id: The ID of the message in the inbox.
    ///   - namespace: The required namespace; `nil` means any.
    /// - Returns: The message, or `nil` if the inbox does not contain the message.
    public func message(id: Int, namespace: String? = nil) -> InboxMessage? {
        self.log.index(id: id, in: namespace).map { self.log.elements[$0] }
    }

    /// Returns the newest message to which the gateway assigned the given message ID.
    func message(messageID: String) -> InboxMessage? {
        self.log.elements.last { $0.messageID == messageID }
    }

    /// Returns the newest message that matches a filter, or waits for the next matching message.
    ///
    /// - Parameters:
    ///   - filter: The filter.
    ///   - timeout: The maximum time to wait.
    /// - Returns: The message, or `nil` after the timeout or if the task was cancelled.
    public func wait(for filter: InboxFilter = .init(), timeout: Duration) async -> InboxMessage? {
        if let message = self.messages(filter, limit: 1).first { return message }
        let resolved = filter.resolved(for: self.run)
        self.lastWaiterID += 1
        let id = self.lastWaiterID
        let promise = Promise<InboxMessage?>()
        self.waiters[id] = Waiter(filter: resolved, promise: promise)
        let message = await promise.wait(atMost: timeout, otherwise: nil)
        self.waiters[id] = nil
        return message
    }

    /// Removes all messages.
    ///
    /// The IDs of removed messages are not reused.
    ///
    /// - Parameter namespace: The namespace whose messages are removed; `nil` means all.
    public func clear(namespace: String? = nil) {
        self.log.removeAll(in: namespace)
        self.events.publish(.cleared, InboxEvents.Cleared(messages: true, namespace: namespace), in: namespace)
    }

    /// Removes one message.
    ///
    /// - Parameters:
    ///   - id: The ID of the message in the inbox.
    ///   - namespace: The required namespace; `nil` means any.
    /// - Returns: Whether the inbox contained the message.
    @discardableResult
    public func remove(id: Int, namespace: String? = nil) -> Bool {
        guard let index = self.log.index(id: id, in: namespace) else { return false }
        let message = self.log.remove(at: index)
        self.events.publish(.cleared, InboxEvents.Cleared(message: id), in: message.namespace)
        return true
    }

    /// The number of messages in each namespace, without empty namespaces.
    var counts: [String: Int] { self.log.counts }

    /// The number of suspended ``wait(for:timeout:)`` calls.
    var waiterCount: Int { self.waiters.count }
}
