// SPDX-License-Identifier: Apache-2.0

/// The new commands and cancellations of a connection, which callers add and the event loop removes.
///
/// Callers can run on any thread, so a mutex protects the outbox.
struct RedisOutbox: Sendable {
    /// The number of commands that triggers the first early write of a batch.
    ///
    /// An early write happens before the event-loop tick ends, so that the server can begin its work. Each further early write
    /// in the same tick needs twice as many commands as the previous write.
    static let firstBatch = 16

    private(set) var batch = CommandBatch()
    private var fullSize = Self.firstBatch
    private var isFlushScheduled = false
    private var isSweepScheduled = false
    private var cancellations = CallerCancellations()
    /// The callers of `shutdown()` that wait for the connection to end.
    private var shutdownCallers: [CheckedContinuation<Void, Never>] = []

    /// The error for rejected commands; `nil` while commands are accepted.
    private(set) var closure: RedisError?
    /// Whether the connection or its event loop has ended permanently.
    private(set) var hasEnded = false

    /// The result of appending a command, with the action that the caller must take.
    ///
    /// The value `isFull` is `true` if the outbox contains enough commands for an early write (``RedisOutbox/firstBatch``).
    enum Submission: Sendable {
        /// The command was appended, and a flush is already scheduled.
        case joined(isFull: Bool)
        /// The command was appended, and the caller must schedule a flush.
        case first(isFull: Bool)
        /// The command was not appended, because the outbox is closed.
        ///
        /// ``closure`` contains the error for the command.
        case rejected
    }

    private var isFull: Bool { self.batch.commands.count >= self.fullSize }

    /// Appends a command, unless the connection is closed.
    mutating func append(
        _ command: RedisCommand,
        id: UInt64,
        asking: Bool,
        needsConfirmation: Bool,
        waiter: PendingCommand.Waiter
    ) -> Submission {
        guard self.closure == nil else { return .rejected }
        self.batch.append(command, id: id, asking: asking, needsConfirmation: needsConfirmation, waiter: waiter)
        guard !self.isFlushScheduled else { return .joined(isFull: self.isFull) }
        self.isFlushScheduled = true
        return .first(isFull: self.isFull)
    }

    /// Removes and returns all commands.
    mutating func take() -> CommandBatch {
        self.fullSize = self.isFull ? 2 * self.fullSize : Self.firstBatch
        self.isFlushScheduled = false
        defer { self.batch = CommandBatch() }
        return self.batch
    }

    /// Records a cancelled caller.
    ///
    /// - Returns: Whether a sweep, which fails the commands of all cancelled callers, must be scheduled.
    mutating func cancel(_ id: UInt64, _ reason: CallerCancellation) -> Bool {
        // A closed connection fails all commands, so no sweep is needed.
        guard self.closure == nil else { return false }
        self.cancellations.insert(id, reason)
        defer { self.isSweepScheduled = true }
        return !self.isSweepScheduled
    }

    /// Removes and returns the cancelled callers and all commands.
    mutating func takeCancellations() -> (cancellations: CallerCancellations, batch: CommandBatch) {
        self.isSweepScheduled = false
        defer { self.cancellations = CallerCancellations() }
        return (self.cancellations, self.take())
    }

    /// Rejects all later commands.
    ///
    /// - Returns: Whether the outbox was already closed.
    mutating func close(_ error: RedisError) -> Bool {
        defer { self.closure = self.closure ?? error }
        return self.closure != nil
    }

    /// Records the end of the event loop, and returns the unwritten commands.
    mutating func end(_ error: RedisError) -> CommandBatch {
        self.closure = error
        self.hasEnded = true
        self.cancellations = CallerCancellations()
        return self.take()
    }

    /// Registers a caller of `shutdown()`; returns `false` if the connection has already ended.
    mutating func wait(_ caller: CheckedContinuation<Void, Never>) -> Bool {
        guard !self.hasEnded else { return false }
        self.shutdownCallers.append(caller)
        return true
    }

    /// Records the end of the connection, and removes and returns the callers of `shutdown()`.
    mutating func finish() -> [CheckedContinuation<Void, Never>] {
        self.hasEnded = true
        defer { self.shutdownCallers = [] }
        return self.shutdownCallers
    }
}
