import NIOCore
import Synchronization

/// The connection of one event loop, made when it is first needed and again after it is lost.
///
/// Its executor is the event loop. Callers leave commands in an outbox, from any thread; the first one asks the loop to
/// empty it, and all that have come by then leave in one write.
actor RedisConnection {
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
    private nonisolated let counters: RedisMetrics
    private nonisolated let siblings: RedisConnectionSet
    private nonisolated let gate: EventLoopGate
    private nonisolated let outbox = Mutex(RedisOutbox())
    private nonisolated let lastID = Atomic<UInt64>(0)
    private nonisolated let longestIdleTime: TimeAmount

    private var state = State.idle(until: .now(), reason: nil)
    private var backoff = ReconnectBackoff()
    private var waiting = CommandBatch()
    private var waitingTimer: Scheduled<Void>?
    /// The question to the sentinels that is under way; failed by us when nothing can complete it any more.
    private var lookup: EventLoopPromise<RedisConfiguration.Endpoint>?
    /// Completes when the attempt to connect that is under way has ended.
    private var attempt: EventLoopFuture<Void>?
    /// When the connection last carried a batch or was examined; replies follow within the command timeout.
    private var lastUse = NIODeadline.uptimeNanoseconds(0)
    /// The newest connection, ready, not ready yet or closed, so that its end can be waited for.
    private var channel: (any Channel)?

    init(
        configuration: RedisConfiguration,
        address: RedisAddress,
        eventLoop: any EventLoop,
        counters: RedisMetrics,
        siblings: RedisConnectionSet
    ) {
        self.configuration = configuration
        self.address = address
        self.eventLoop = eventLoop
        self.executor = eventLoop.executor
        self.counters = counters
        self.siblings = siblings
        self.longestIdleTime = configuration.healthCheckInterval.map { TimeAmount(bounding: $0) } ?? .nanoseconds(.max)
        self.gate = EventLoopGate(eventLoop: eventLoop)
        self.gate.onEnd { [weak self] in self?.eventLoopDidEnd() }
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
        let submission = self.outbox.withLock { outbox in
            outbox.append(command, id: id, asking: asking, needsConfirmation: needsConfirmation, waiter: waiter)
        }
        switch submission {
        case .joined(let isFull):
            if isFull, self.eventLoop.inEventLoop { self.assumeIsolated { $0.emptyOutbox() } }
        case .first(let isFull):
            if isFull, self.eventLoop.inEventLoop {
                self.assumeIsolated { $0.emptyOutbox() }
            } else {
                self.onEventLoop { $0.emptyOutbox() }
            }
        case .refused:
            var refused = PendingCommand(id: id, length: 0, waiter: waiter)
            refused.resolve(.failure(self.closure))
        }
    }

    /// Releases the caller of a command, wherever the command is by now.
    nonisolated func depart(_ id: UInt64, _ departure: Departure) {
        if self.outbox.withLock({ $0.depart(id, departure) }) {
            self.onEventLoop { $0.sweep() }
        }
    }

    /// Refuses every later command, and closes the connection without waiting for it.
    nonisolated func close() {
        let wasClosed = self.outbox.withLock { $0.close(.clientClosed) }
        guard !wasClosed else { return }
        self.onEventLoop { $0.fail(.clientClosed) }
    }

    /// Examines the connection if it was idle for too long, so that its next caller need not wait for that.
    nonisolated func examineIfIdle() {
        self.onEventLoop { connection in
            let now = connection.eventLoop.now
            if case .connected(let handler) = connection.state, connection.mustExamine(handler, at: now) {
                connection.examine(handler, at: now)
            }
        }
    }

    /// Why the connection refuses commands.
    private nonisolated var closure: RedisError { self.outbox.withLock { $0.closure } ?? .clientClosed }

    private nonisolated func onEventLoop(_ body: @escaping @Sendable (isolated RedisConnection) -> Void) {
        self.gate.execute { self.assumeIsolated(body) }
    }

    // MARK: The event loop

    private func emptyOutbox() {
        self.dispatch(self.outbox.withLock { $0.take() })
    }

    /// Releases the callers that went away since the last time, in one pass over all commands.
    private func sweep() {
        var (departures, batch) = self.outbox.withLock { $0.takeDepartures() }
        let load = self.counters.load
        var examined = batch.abandon(&departures, countedIn: load)
        examined += self.waiting.abandon(&departures, countedIn: load)
        if self.waiting.isMostlyAbandoned { self.waiting.dropAbandoned() }
        if case .connected(let handler) = self.state {
            examined += handler.abandon(&departures)
        }
        self.counters.didExamine(commands: examined)
        self.dispatch(batch)
    }

    private func dispatch(_ batch: consuming CommandBatch) {
        batch.dropAbandoned()
        guard !batch.isEmpty else { return }
        let now = self.eventLoop.now
        batch.setDeadline(now + TimeAmount(bounding: self.configuration.commandTimeout))
        switch self.state {
        case .connected(let handler):
            if self.mustExamine(handler, at: now) {
                self.wait(batch)
                self.examine(handler, at: now)
                self.siblings.examine(except: self)
            } else if handler.acceptsCommands {
                self.lastUse = now
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
            batch.fail(self.closure)
        }
    }

    /// Returns whether the connection was idle long enough for a NAT to drop it.
    private func mustExamine(_ handler: RedisChannelHandler, at now: NIODeadline) -> Bool {
        now - self.lastUse > self.longestIdleTime && handler.isIdle && handler.acceptsCommands
    }

    private func examine(_ handler: RedisChannelHandler, at now: NIODeadline) {
        self.lastUse = now
        // Most of the command timeout is left for a new connection.
        let timeout = self.configuration.healthCheckTimeout ?? self.configuration.commandTimeout / 4
        handler.examine(deadline: now + TimeAmount(bounding: timeout))
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
            let lookup = self.eventLoop.makePromise(of: RedisConfiguration.Endpoint.self)
            self.lookup = lookup
            Task {
                let answer = await locator.answer()
                self.onEventLoop { $0.lookup.take()?.completeWith(answer.mapError { $0 }) }
            }
            return lookup.futureResult
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
        self.lastUse = self.eventLoop.now
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
    nonisolated func shutdown() async {
        await withCheckedContinuation { stop in
            if self.outbox.withLock({ $0.wait(stop) }) {
                self.onEventLoop { $0.stop() }
            } else {
                stop.resume()
            }
        }
    }

    private func stop() {
        self.fail(.clientClosed)
        let attempt = self.attempt ?? self.eventLoop.makeSucceededVoidFuture()
        attempt.whenComplete { _ in
            self.assumeIsolated { connection in
                let closed = connection.channel?.closeFuture ?? connection.eventLoop.makeSucceededVoidFuture()
                closed.whenComplete { _ in self.resumeStops() }
            }
        }
    }

    private nonisolated func resumeStops() {
        self.gate.close()
        for stop in self.outbox.withLock({ $0.finish() }) { stop.resume() }
    }

    private func fail(_ error: RedisError) {
        var unwritten = self.outbox.withLock { $0.take() }
        self.state = .closed
        self.waitingTimer?.cancel()
        self.waitingTimer = nil
        self.waiting.fail(error)
        unwritten.fail(error)
        self.lookup.take()?.fail(error)
        self.endChannel()
    }

    /// Fails every command, because nothing will run on the event loop any more.
    ///
    /// It is called on the event loop, in its last tick; or on another thread if nothing of this connection ever ran on it.
    private nonisolated func eventLoopDidEnd() {
        var unwritten = self.outbox.withLock { $0.end(.eventLoopEnded) }
        unwritten.fail(.eventLoopEnded)
        if self.eventLoop.inEventLoop {
            self.assumeIsolated { $0.fail(.eventLoopEnded) }
        }
        self.resumeStops()
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
