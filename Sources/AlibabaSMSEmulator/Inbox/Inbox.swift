import FoundationEssentials

/// The messages that the emulator took, the newest ones only, and those who wait for the next.
public actor Inbox {
    private struct Waiter {
        var filter: InboxFilter
        var continuation: CheckedContinuation<InboxMessage?, Never>
        var timer: Task<Void, Never>
    }

    private let capacity: Int
    private let events: InboxEvents
    private var ring: [InboxMessage] = []
    private var lastID = 0
    private var waiters: [Int: Waiter] = [:]
    private var lastWaiterID = 0

    init(capacity: Int, events: InboxEvents = InboxEvents()) {
        self.capacity = max(1, capacity)
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
        self.lastID += 1
        message.id = self.lastID
        // Times leave the inbox with milliseconds; what is kept must be what is shown.
        message.receivedAt = message.receivedAt.inMilliseconds
        if self.ring.count == self.capacity { self.ring.removeFirst() }
        self.ring.append(message)
        beforeItIsSeen(message)
        self.events.publish(.message, message)
        for (id, waiter) in self.waiters where waiter.filter.matches(message) {
            self.resume(id, with: message)
        }
        return message
    }

    /// Changes a message, if it is still there.
    ///
    /// - Returns: The changed message.
    @discardableResult
    func update(messageID: String, _ change: (inout InboxMessage) -> Void) -> InboxMessage? {
        guard let index = self.ring.lastIndex(where: { $0.messageID == messageID }) else { return nil }
        change(&self.ring[index])
        self.events.publish(.status, self.ring[index])
        return self.ring[index]
    }

    /// The messages that a filter lets through, newest first.
    ///
    /// - Parameters:
    ///   - filter: Which messages.
    ///   - limit: How many at most.
    /// - Returns: The messages.
    public func messages(_ filter: InboxFilter = .init(), limit: Int = .max) -> [InboxMessage] {
        Array(self.ring.reversed().lazy.filter(filter.matches).prefix(max(0, limit)))
    }

    /// The message with a number, if it is still there.
    public func message(id: Int) -> InboxMessage? {
        self.ring.first { $0.id == id }
    }

    /// The newest message with an identifier of the gateway, if it is still there.
    func message(messageID: String) -> InboxMessage? {
        self.ring.last { $0.messageID == messageID }
    }

    /// Waits for a message; answers at once with the newest if one is there.
    ///
    /// - Parameters:
    ///   - filter: Which message.
    ///   - timeout: How long to wait.
    /// - Returns: The message, or `nil` if none came in time or the task was cancelled.
    public func wait(for filter: InboxFilter = .init(), timeout: Duration) async -> InboxMessage? {
        if let message = self.messages(filter, limit: 1).first { return message }
        self.lastWaiterID += 1
        let id = self.lastWaiterID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let timer = Task {
                    try? await Task.sleep(for: timeout)
                    self.resume(id, with: nil)
                }
                self.waiters[id] = Waiter(filter: filter, continuation: continuation, timer: timer)
            }
        } onCancel: {
            Task { await self.resume(id, with: nil) }
        }
    }

    /// Removes all messages; their numbers are not used again.
    public func clear() {
        self.ring.removeAll()
        self.events.publish(.cleared, InboxEvents.Cleared(messages: true))
    }

    /// Removes one message.
    ///
    /// - Parameter id: The number of the message.
    /// - Returns: Whether it was there.
    @discardableResult
    public func remove(id: Int) -> Bool {
        let count = self.ring.count
        self.ring.removeAll { $0.id == id }
        guard self.ring.count != count else { return false }
        self.events.publish(.cleared, InboxEvents.Cleared(message: id))
        return true
    }

    /// How many are waiting.
    var waiterCount: Int { self.waiters.count }

    private func resume(_ id: Int, with message: InboxMessage?) {
        guard let waiter = self.waiters.removeValue(forKey: id) else { return }
        waiter.timer.cancel()
        waiter.continuation.resume(returning: message)
    }
}
