import NIOCore
import Synchronization

/// The connection of one event loop, made when it is first needed and again after it is lost.
///
/// Its executor is the event loop. Callers leave commands in an outbox, from any thread; the first one asks the loop to
/// empty it, and all that have come by then leave in one write.
actor RedisConnection {
    /// So many commands leave before their turn of the loop is over, if they can, and give the server something to do while
    /// more are made; then twice as many, and so on, since it has enough to do by then and each write costs.
    static let firstBatch = 8

    /// What callers share with the event loop.
    private struct Outbox: Sendable {
        var batch = CommandBatch()
        var fullSize = RedisConnection.firstBatch
        var isEmptyingScheduled = false
        var isClosed = false

        var isFull: Bool { self.batch.commands.count >= self.fullSize }

        /// Takes out what there is.
        mutating func take() -> CommandBatch {
            self.fullSize = self.isFull ? 2 * self.fullSize : RedisConnection.firstBatch
            self.isEmptyingScheduled = false
            defer { self.batch = CommandBatch() }
            return self.batch
        }
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
    private nonisolated let address: RedisAddress
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
        address: RedisAddress,
        eventLoop: any EventLoop,
        counters: RedisCounters
    ) {
        self.configuration = configuration
        self.address = address
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
        _ command: RedisCommand,
        id: UInt64,
        asking: Bool = false,
        needsConfirmation: Bool = false,
        waiter: PendingCommand.Waiter
    ) {
        let (isClosed, mustSchedule, isFull) = self.outbox.withLock { outbox in
            guard !outbox.isClosed else { return (true, false, false) }
            outbox.batch.append(
                command,
                id: id,
                asking: asking,
                needsConfirmation: needsConfirmation,
                waiter: waiter
            )
            defer { outbox.isEmptyingScheduled = true }
            return (false, !outbox.isEmptyingScheduled, outbox.isFull)
        }
        if isClosed {
            var refused = PendingCommand(id: id, length: 0, waiter: waiter)
            refused.resolve(.failure(.clientClosed))
        }
        if isFull, self.eventLoop.inEventLoop {
            self.assumeIsolated { $0.emptyOutbox() }
        } else if mustSchedule {
            self.onEventLoop { $0.emptyOutbox() }
        }
    }

    /// Releases the caller of a command, wherever the command is by now.
    nonisolated func cancel(_ id: UInt64) {
        self.onEventLoop { $0.abandon(id, unwritten: .cancelled, written: .cancelled) }
    }

    /// Releases the caller of a command whose own time is over, before that of the connection.
    nonisolated func expire(_ id: UInt64) {
        self.onEventLoop { $0.abandon(id, unwritten: .notWritten, written: .noReplyInTime) }
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
        var batch = self.outbox.withLock { $0.take() }
        batch.dropAbandoned()
        let now = self.eventLoop.now
        batch.setDeadline(now + TimeAmount(bounding: self.configuration.commandTimeout))
        switch self.state {
        case .connected(let handler):
            if handler.acceptsCommands {
                handler.send(batch)
            } else {
                self.wait(batch)
            }
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
                connection.waiting.expire(at: connection.eventLoop.now, with: .notWritten)
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
        self.attempt = self.locate()
            .flatMap { endpoint in
                let connector = RedisConnector(
                    configuration: self.configuration,
                    endpoint: endpoint,
                    mustBePrimary: self.address.locator != nil,
                    eventLoop: self.eventLoop,
                    counters: self.counters
                )
                return connector.open(deadline: deadline)
                    .flatMap { channel in
                        self.assumeIsolated { $0.didOpen(channel) }
                        return connector.prepare(channel, deadline: deadline).map { channel }
                    }
                    .map { channel in
                        self.assumeIsolated { $0.didConnect(channel, to: endpoint) }
                    }
                    .flatMapErrorThrowing { error in
                        self.address.locator?.didFail(at: endpoint)
                        throw error
                    }
            }
            .flatMapErrorThrowing { error in
                let error =
                    error as? RedisError
                    ?? RedisError(code: .connectionFailed, message: "The server cannot be reached.", cause: error)
                self.assumeIsolated { $0.didFailToConnect(error) }
            }
    }

    private func locate() -> EventLoopFuture<RedisConfiguration.Endpoint> {
        switch self.address {
        case .fixed(let endpoint):
            return self.eventLoop.makeSucceededFuture(endpoint)
        case .sentinel(let locator):
            return self.eventLoop.makeFutureWithTask { try await locator.primary() }
                .flatMapThrowing { endpoint in
                    // The client may have been shut down meanwhile.
                    guard self.assumeIsolated({ $0.isConnecting }) else { throw RedisError.clientClosed }
                    return endpoint
                }
        }
    }

    private var isConnecting: Bool {
        if case .connecting = self.state { true } else { false }
    }

    private func didOpen(_ channel: any Channel) {
        self.channel = channel
        if case .closed = self.state {
            self.endChannel()
        }
    }

    private func didConnect(_ channel: any Channel, to endpoint: RedisConfiguration.Endpoint) {
        guard self.isConnecting else { return }
        guard let handler = Self.handler(of: channel), handler.failure == nil else {
            self.didFailToConnect(RedisError(code: .connectionFailed, message: "The server closed the new connection."))
            return
        }
        // Whether the server answers `AUTH` and `SELECT` says nothing about what it does with commands.
        handler.hasServed = false
        handler.minimumReplicas = self.configuration.minimumReplicas
        handler.leavesReplica = self.address.locator != nil
        handler.onReady = { self.assumeIsolated { $0.sendWaiting() } }
        handler.onEnd = { self.assumeIsolated { $0.didLose(channel) } }
        self.state = .connected(handler)
        self.address.locator?
            .watch(ObjectIdentifier(self), to: endpoint) {
                self.onEventLoop { $0.leave(channel) }
            }
        self.sendWaiting()
    }

    private func sendWaiting() {
        guard case .connected(let handler) = self.state else { return }
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        if self.configuration.minimumReplicas > 0 {
            // Replicas need time to confirm, and the server looks at the time ten times a second only. What does not
            // run is better than what may have run.
            let least = TimeAmount(bounding: self.configuration.commandTimeout * 2 / 5)
            self.waiting.expire(at: self.eventLoop.now + least, with: .notWritten)
        }
        self.waiting.dropAbandoned()
        let batch = self.waiting
        self.waiting = CommandBatch()
        handler.send(batch)
    }

    /// Ends a connection to a server that is no longer the primary.
    private func leave(_ channel: any Channel) {
        guard case .connected(let handler) = self.state, self.channel === channel else { return }
        handler.end(RedisError(code: .outcomeUnknown, message: "The server is no longer the primary."))
    }

    private func didFailToConnect(_ error: RedisError) {
        guard self.isConnecting else { return }
        self.rest(reason: error)
        self.waiting.fail(error)
    }

    private func didLose(_ channel: any Channel) {
        self.address.locator?.unwatch(ObjectIdentifier(self))
        guard case .connected(let handler) = self.state, self.channel === channel else { return }
        // A server that accepts connections only to refuse commands is left alone like one that cannot be reached.
        if handler.hasServed {
            self.backoff.succeed()
        }
        let message = "The connection was lost before the command was written."
        let reason = RedisError(code: .connectionFailed, message: message, cause: handler.failure)
        // Commands wait while the connection takes none.
        if self.rest(reason: reason) == .zero {
            self.connect()
        } else {
            self.waiting.fail(reason)
        }
    }

    @discardableResult
    private func rest(reason: RedisError) -> Duration {
        let wait = self.backoff.fail()
        self.state = .idle(until: self.eventLoop.now + TimeAmount(bounding: wait), reason: reason)
        return wait
    }

    // MARK: The end

    /// Fails every command, and waits until the connection is gone; to be called after ``close()``.
    func shutdown() async {
        self.fail()
        try? await self.attempt?.get()
        try? await self.channel?.closeFuture.get()
    }

    private func fail() {
        var unwritten = self.outbox.withLock { $0.take() }
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
