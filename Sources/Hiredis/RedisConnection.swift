import NIOCore
import Synchronization

/// The connection of one event loop, made when it is first needed and again after it is lost.
///
/// Its executor is the event loop. Callers leave commands in an outbox, from any thread; the first one asks the loop to
/// empty it, and all that have come by then leave in one write.
actor RedisConnection {
    /// What callers share with the event loop.
    private struct Outbox: Sendable {
        var batch = CommandBatch()
        var isEmptyingScheduled = false
        var isClosed = false
    }

    private enum State {
        /// Not connected; not to be tried again before the deadline, for the reason given.
        case idle(until: NIODeadline, reason: RedisError?)
        case connecting
        case connected(RedisChannelHandler)
        case closed
    }

    nonisolated let eventLoop: any EventLoop
    // Safe: the actor keeps the executor alive, which is the event loop or, for one that is none, made for it.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private nonisolated let executor: any SerialExecutor
    private nonisolated let configuration: RedisConfiguration
    private nonisolated let endpoint: RedisConfiguration.Endpoint
    private nonisolated let counters: RedisCounters
    private nonisolated let outbox = Mutex(Outbox())
    private nonisolated let lastID = Atomic<UInt64>(0)

    private var state = State.idle(until: .now(), reason: nil)
    private var backoff = Backoff()
    private var waiting = CommandBatch()
    private var waitingTimer: Scheduled<Void>?
    /// Completes when the attempt to connect that is under way has ended.
    private var attempt: EventLoopFuture<Void>?
    /// The newest connection, ready, not ready yet or closed, so that its end can be waited for.
    private var channel: (any Channel)?

    init(
        configuration: RedisConfiguration,
        endpoint: RedisConfiguration.Endpoint,
        eventLoop: any EventLoop,
        counters: RedisCounters
    ) {
        self.configuration = configuration
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        self.executor = eventLoop.executor
        self.counters = counters
    }

    // MARK: Callers, on any thread

    /// Makes a name for a command, by which it can be cancelled before and after it is submitted.
    nonisolated func makeID() -> UInt64 {
        self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    }

    nonisolated func submit(
        _ formatted: borrowing FormattedCommand,
        id: UInt64,
        asking: Bool = false,
        waiter: PendingCommand.Waiter
    ) {
        let (isClosed, mustSchedule) = self.outbox.withLock { outbox in
            guard !outbox.isClosed else { return (true, false) }
            outbox.batch.append(formatted, id: id, asking: asking, waiter: waiter)
            defer { outbox.isEmptyingScheduled = true }
            return (false, !outbox.isEmptyingScheduled)
        }
        if isClosed {
            var refused = PendingCommand(id: id, length: 0, waiter: waiter)
            refused.resolve(.failure(.clientClosed))
        }
        if mustSchedule {
            self.onEventLoop { $0.emptyOutbox() }
        }
    }

    /// Releases the caller of a command, wherever the command is by now.
    nonisolated func cancel(_ id: UInt64) {
        self.onEventLoop { $0.abandon(id, unwritten: .cancelled, written: .cancelled) }
    }

    /// Releases the caller of a command whose own time is over, before that of the connection.
    nonisolated func expire(_ id: UInt64) {
        self.onEventLoop { $0.abandon(id, unwritten: .noConnectionInTime, written: .noReplyInTime) }
    }

    /// Refuses every later command, and closes the connection without waiting for it.
    nonisolated func close() {
        let wasClosed = self.outbox.withLock { outbox in
            defer { outbox.isClosed = true }
            return outbox.isClosed
        }
        // The event loop may be gone by the time that a client which was shut down goes away.
        guard !wasClosed else { return }
        self.onEventLoop { $0.fail() }
    }

    private nonisolated func onEventLoop(_ body: @escaping @Sendable (isolated RedisConnection) -> Void) {
        self.eventLoop.execute { self.assumeIsolated(body) }
    }

    // MARK: The event loop

    private func emptyOutbox() {
        var batch = self.outbox.withLock { outbox in
            defer { outbox.batch = CommandBatch() }
            outbox.isEmptyingScheduled = false
            return outbox.batch
        }
        batch.dropAbandoned()
        let now = self.eventLoop.now
        batch.setDeadline(now + TimeAmount(bounding: self.configuration.commandTimeout))
        switch self.state {
        case .connected(let handler):
            handler.send(batch)
        case .connecting:
            self.wait(batch)
        case .idle(let until, let reason):
            if let reason, now < until {
                batch.fail(reason)
            } else {
                self.wait(batch)
                self.connect()
            }
        case .closed:
            batch.fail(.clientClosed)
        }
    }

    private func wait(_ batch: consuming CommandBatch) {
        self.waiting.append(batch)
        self.armWaitingTimer()
    }

    private func armWaitingTimer() {
        guard self.waitingTimer == nil, let oldest = self.waiting.commands.first else { return }
        self.waitingTimer = self.eventLoop.scheduleTask(deadline: oldest.deadline) {
            self.assumeIsolated { connection in
                connection.waitingTimer = nil
                connection.waiting.expire(at: connection.eventLoop.now, with: .noConnectionInTime)
                connection.armWaitingTimer()
            }
        }
    }

    private func abandon(_ id: UInt64, unwritten: RedisError, written: RedisError) {
        if self.waiting.abandon(id, with: unwritten) { return }
        if self.outbox.withLock({ $0.batch.abandon(id, with: unwritten) }) { return }
        if case .connected(let handler) = self.state {
            handler.abandon(id, with: written)
        }
    }

    private func connect() {
        guard !self.waiting.isEmpty else { return }
        self.state = .connecting
        let deadline = self.eventLoop.now + TimeAmount(bounding: self.configuration.connectTimeout)
        let connector = RedisConnector(
            configuration: self.configuration,
            endpoint: self.endpoint,
            eventLoop: self.eventLoop,
            counters: self.counters
        )
        self.attempt = connector.open(deadline: deadline)
            .flatMap { channel in
                self.assumeIsolated { $0.didOpen(channel) }
                return connector.prepare(channel, deadline: deadline).map { channel }
            }
            .map { channel in
                self.assumeIsolated { $0.didConnect(channel) }
            }
            .flatMapErrorThrowing { error in
                let error =
                    error as? RedisError
                    ?? RedisError(code: .connectionFailed, message: "The server cannot be reached.", cause: error)
                self.assumeIsolated { $0.didFailToConnect(error) }
            }
    }

    private func didOpen(_ channel: any Channel) {
        self.channel = channel
        if case .closed = self.state {
            self.endChannel()
        }
    }

    private func didConnect(_ channel: any Channel) {
        guard case .connecting = self.state else { return }
        guard let handler = Self.handler(of: channel), handler.failure == nil else {
            self.didFailToConnect(RedisError(code: .connectionFailed, message: "The server closed the new connection."))
            return
        }
        // Whether the server answers `AUTH` and `SELECT` says nothing about what it does with commands.
        handler.hasServed = false
        handler.onEnd = { self.assumeIsolated { $0.didLose(channel) } }
        self.state = .connected(handler)
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        self.waiting.dropAbandoned()
        let batch = self.waiting
        self.waiting = CommandBatch()
        handler.send(batch)
    }

    private func didFailToConnect(_ error: RedisError) {
        guard case .connecting = self.state else { return }
        self.rest(reason: error)
        self.waiting.fail(error)
    }

    private func didLose(_ channel: any Channel) {
        guard case .connected(let handler) = self.state, self.channel === channel else { return }
        // A server that accepts connections only to refuse commands is left alone like one that cannot be reached.
        if handler.hasServed {
            self.backoff.succeed()
        }
        let message = "The connection was lost before the command was written."
        self.rest(reason: RedisError(code: .connectionFailed, message: message, cause: handler.failure))
    }

    private func rest(reason: RedisError) {
        self.state = .idle(until: self.eventLoop.now + TimeAmount(bounding: self.backoff.fail()), reason: reason)
    }

    // MARK: The end

    /// Fails every command, and waits until the connection is gone; to be called after ``close()``.
    func shutdown() async {
        self.fail()
        try? await self.attempt?.get()
        try? await self.channel?.closeFuture.get()
    }

    private func fail() {
        var unwritten = self.outbox.withLock { outbox in
            defer { outbox.batch = CommandBatch() }
            return outbox.batch
        }
        self.state = .closed
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        self.waiting.fail(.clientClosed)
        unwritten.fail(.clientClosed)
        self.endChannel()
    }

    private func endChannel() {
        guard let channel = self.channel else { return }
        Self.handler(of: channel)?.end(.clientClosed)
        channel.close(promise: nil)
    }

    private static func handler(of channel: any Channel) -> RedisChannelHandler? {
        try? channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self)
    }
}

extension RedisError {
    static var clientClosed: Self { Self(code: .clientClosed, message: "The client was shut down.") }
    static var outOfMemory: Self { Self(code: .connectionFailed, message: "There is no memory for it.") }
    static var overloaded: Self { Self(code: .overloaded, message: "Too many commands are waiting already.") }
    static var cancelled: Self { Self(code: .cancelled, message: "The caller's task was cancelled.") }
    static var noReplyInTime: Self { Self(code: .outcomeUnknown, message: "The server did not reply in time.") }
    static var noConnectionInTime: Self {
        Self(code: .connectionFailed, message: "There was no connection in time.")
    }
}

extension TimeAmount {
    /// Takes what a caller set, within bounds in which deadlines can be computed.
    init(bounding duration: Duration) {
        self.init(max(.zero, min(duration, .seconds(86_400))))
    }
}
