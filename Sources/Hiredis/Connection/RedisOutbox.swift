/// The part of a connection that callers on any thread share with its event loop; a value under a lock.
struct RedisOutbox: Sendable {
    /// So many commands leave before the event-loop tick is over, if they can, to give the server something to do while more are
    /// made; then twice as many, and so on, since it has enough to do by then and each write costs.
    static let firstBatch = 8

    private(set) var batch = CommandBatch()
    private var fullSize = Self.firstBatch
    private var isEmptyingScheduled = false
    private var isSweepScheduled = false
    private var departures = Departures()
    /// Callers of `shutdown()`, until the connection is gone.
    private var stops: [CheckedContinuation<Void, Never>] = []

    /// Whether commands are refused, and with what error.
    private(set) var closure: RedisError?
    /// Whether the connection is gone for good, or nothing runs on the event loop any more.
    private(set) var hasEnded = false

    /// What a caller has to do after it appended a command.
    enum Submission: Sendable {
        /// The event loop knows of it already.
        case joined(isFull: Bool)
        /// The event loop must be asked to empty the outbox.
        case first(isFull: Bool)
        /// The command was not appended; ``closure`` is the reason.
        case refused
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
        guard self.closure == nil else { return .refused }
        self.batch.append(command, id: id, asking: asking, needsConfirmation: needsConfirmation, waiter: waiter)
        guard !self.isEmptyingScheduled else { return .joined(isFull: self.isFull) }
        self.isEmptyingScheduled = true
        return .first(isFull: self.isFull)
    }

    /// Removes and returns all commands.
    mutating func take() -> CommandBatch {
        self.fullSize = self.isFull ? 2 * self.fullSize : Self.firstBatch
        self.isEmptyingScheduled = false
        defer { self.batch = CommandBatch() }
        return self.batch
    }

    /// Notes that a caller went away, and returns whether the event loop must be asked to look for its command.
    mutating func depart(_ id: UInt64, _ departure: Departure) -> Bool {
        // A closed connection fails all commands anyway.
        guard self.closure == nil else { return false }
        self.departures.insert(id, departure)
        defer { self.isSweepScheduled = true }
        return !self.isSweepScheduled
    }

    /// Removes and returns the callers that went away, and all commands.
    mutating func takeDepartures() -> (departures: Departures, batch: CommandBatch) {
        self.isSweepScheduled = false
        defer { self.departures = Departures() }
        return (self.departures, self.take())
    }

    /// Refuses all later commands, and returns whether they were refused before.
    mutating func close(_ error: RedisError) -> Bool {
        defer { self.closure = self.closure ?? error }
        return self.closure != nil
    }

    /// Notes the end of the event loop, and returns the commands that nobody will write.
    mutating func end(_ error: RedisError) -> CommandBatch {
        self.closure = error
        self.hasEnded = true
        self.departures = Departures()
        return self.take()
    }

    /// Registers a caller of `shutdown()`, unless there is nothing to wait for.
    mutating func wait(_ stop: CheckedContinuation<Void, Never>) -> Bool {
        guard !self.hasEnded else { return false }
        self.stops.append(stop)
        return true
    }

    /// Notes that the connection is gone, and removes and returns the callers of `shutdown()`.
    mutating func finish() -> [CheckedContinuation<Void, Never>] {
        self.hasEnded = true
        defer { self.stops = [] }
        return self.stops
    }
}
