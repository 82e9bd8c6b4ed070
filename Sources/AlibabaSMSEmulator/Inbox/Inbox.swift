import Deadlines
import FoundationEssentials
import JSONOutput

/// The messages that the emulator took, the newest ones of each namespace only, and those who wait for the next.
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

    /// Puts a message in, drops the oldest one if there is no room, and wakes who waits for it.
    ///
    /// - Parameters:
    ///   - draft: The message without its number.
    ///   - beforeItIsSeen: Is given the message before anyone else can have it.
    /// - Returns: The message with its number.
    @discardableResult
    func append(_ draft: InboxMessage, beforeItIsSeen: @Sendable (InboxMessage) -> Void = { _ in }) -> InboxMessage {
        var message = draft
        // Times leave the inbox with milliseconds; what is kept must be what is shown.
        message.receivedAt = message.receivedAt.inMilliseconds
        message = self.log.append(message)
        beforeItIsSeen(message)
        self.events.publish(.message, message, in: message.namespace)
        for (id, waiter) in self.waiters where waiter.filter.matches(message) {
            self.waiters[id] = nil
            waiter.promise.fulfill(with: message)
        }
        return message
    }

    /// Changes a message, if it is still there.
    ///
    /// - Returns: The changed message.
    @discardableResult
    func update(messageID: String, _ change: (inout InboxMessage) -> Void) -> InboxMessage? {
        guard let index = self.log.lastIndex(where: { $0.messageID == messageID }) else { return nil }
        let message = self.log.update(at: index, change)
        self.events.publish(.status, message, in: message.namespace)
        return message
    }

    /// The messages that a filter lets through, newest first.
    ///
    /// - Parameters:
    ///   - filter: Which messages.
    ///   - limit: How many at most.
    /// - Returns: The messages.
    public func messages(_ filter: InboxFilter = .init(), limit: Int = .max) -> [InboxMessage] {
        let filter = filter.resolved(for: self.run)
        return Array(self.log.newestFirst(in: filter.namespace).lazy.filter(filter.matches).prefix(max(0, limit)))
    }

    /// The place behind the newest message, for a filter that lets only later ones through.
    public var cursor: InboxCursor { InboxCursor(run: self.run, id: self.log.lastID) }

    /// The messages that a filter lets through, newest first, and the place behind the newest one of all.
    func page(_ filter: InboxFilter, limit: Int) -> (messages: [InboxMessage], cursor: InboxCursor) {
        (self.messages(filter, limit: limit), self.cursor)
    }

    /// The message with a number, if it is still there.
    ///
    /// - Parameters:
    ///   - id: The number.
    ///   - namespace: The namespace in which it must be; `nil` is any.
    /// - Returns: The message.
    public func message(id: Int, namespace: String? = nil) -> InboxMessage? {
        self.log.index(id: id, in: namespace).map { self.log.elements[$0] }
    }

    /// The newest message with an identifier of the gateway, if it is still there.
    func message(messageID: String) -> InboxMessage? {
        self.log.elements.last { $0.messageID == messageID }
    }

    /// Waits for a message; answers at once with the newest if one is there.
    ///
    /// - Parameters:
    ///   - filter: Which message.
    ///   - timeout: How long to wait.
    /// - Returns: The message, or `nil` if none came in time or the task was cancelled.
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

    /// Removes all messages; their numbers are not used again.
    ///
    /// - Parameter namespace: The namespace whose messages are removed; `nil` is every one.
    public func clear(namespace: String? = nil) {
        self.log.removeAll(in: namespace)
        self.events.publish(.cleared, InboxEvents.Cleared(messages: true, namespace: namespace), in: namespace)
    }

    /// Removes one message.
    ///
    /// - Parameters:
    ///   - id: The number of the message.
    ///   - namespace: The namespace in which it must be; `nil` is any.
    /// - Returns: Whether it was there.
    @discardableResult
    public func remove(id: Int, namespace: String? = nil) -> Bool {
        guard let index = self.log.index(id: id, in: namespace) else { return false }
        let message = self.log.remove(at: index)
        self.events.publish(.cleared, InboxEvents.Cleared(message: id), in: message.namespace)
        return true
    }

    /// The number of messages in each namespace that has any.
    var counts: [String: Int] { self.log.counts }

    /// How many are waiting.
    var waiterCount: Int { self.waiters.count }
}
