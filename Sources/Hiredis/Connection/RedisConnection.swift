// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connection from one event loop to one server.
///
/// The connection is opened on first use, and reopened after a loss. The actor runs on the event loop. Callers on any thread
/// append commands to an outbox. The first caller schedules a flush, which writes all commands of an event-loop tick together.
/// If there are many commands, some are written earlier.
actor RedisConnection {
    enum State {
        /// The connection is not open.
        ///
        /// If `reason` is not `nil`, commands fail with this error until the back-off ends.
        case idle(until: NIODeadline, reason: RedisError?)
        case connecting
        case connected(RedisChannelHandler)
        case closed
    }

    nonisolated let eventLoop: any EventLoop
    // Safe: the actor retains the executor, which is the event loop or a wrapper of the event loop.
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private nonisolated let executor: any SerialExecutor
    nonisolated let configuration: RedisConfiguration
    nonisolated let address: RedisAddress
    nonisolated let counters: RedisMetrics
    nonisolated let siblings: RedisConnectionSet
    nonisolated let gate: EventLoopGate
    nonisolated let outbox = Mutex(RedisOutbox())
    private nonisolated let lastID = Atomic<UInt64>(0)
    nonisolated let longestIdleTime: TimeAmount

    var state = State.idle(until: .now(), reason: nil)
    var backoff = ReconnectBackoff()
    /// The number of consecutive failed connection attempts.
    var failedAttempts = 0
    /// The commands that wait until the connection can accept commands.
    var waiting = CommandBatch()
    var waitingTimer: Scheduled<Void>?
    /// The promise for the result of a pending query to the sentinels.
    ///
    /// The promise fails when the connection is closed.
    var lookup: EventLoopPromise<RedisConfiguration.Endpoint>?
    /// A future that completes when the current connection attempt has ended.
    var connecting: EventLoopFuture<Void>?
    /// The time at which a batch or a health check was last written.
    ///
    /// The idle time of the connection is measured from this time. The replies arrive at most one command timeout later, so the
    /// times of the replies are not recorded.
    var lastUse = NIODeadline.uptimeNanoseconds(0)
    /// The newest channel, which may be open or closed.
    ///
    /// The shutdown waits until this channel has ended.
    var channel: (any Channel)?

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

    /// Returns a new command ID.
    ///
    /// A caller can cancel a command by this ID, even before the command is submitted.
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
            if isFull, self.eventLoop.inEventLoop { self.assumeIsolated { $0.flushOutbox() } }
        case .first(let isFull):
            if isFull, self.eventLoop.inEventLoop {
                self.assumeIsolated { $0.flushOutbox() }
            } else {
                self.onEventLoop { $0.flushOutbox() }
            }
        case .rejected:
            var rejected = PendingCommand(id: id, length: 0, waiter: waiter)
            rejected.resolve(.failure(self.closure))
        }
    }

    /// Fails a command whose reply has not arrived, even if the command was already written.
    nonisolated func cancel(_ id: UInt64, _ reason: CallerCancellation) {
        if self.outbox.withLock({ $0.cancel(id, reason) }) {
            self.onEventLoop { $0.sweep() }
        }
    }

    /// Rejects all later commands, and starts to close the connection.
    nonisolated func close() {
        let wasClosed = self.outbox.withLock { $0.close(.clientClosed) }
        guard !wasClosed else { return }
        self.onEventLoop { $0.fail(.clientClosed) }
    }

    /// Checks the connection if it has been idle for too long.
    nonisolated func checkHealthIfIdle() {
        self.onEventLoop { connection in
            let now = connection.eventLoop.now
            if case .connected(let handler) = connection.state, connection.needsHealthCheck(handler, at: now) {
                connection.checkHealth(handler, at: now)
            }
        }
    }

    /// The error for commands after the connection was closed.
    nonisolated var closure: RedisError { self.outbox.withLock { $0.closure } ?? .clientClosed }

    nonisolated func onEventLoop(_ body: @escaping @Sendable (isolated RedisConnection) -> Void) {
        self.gate.execute { self.assumeIsolated(body) }
    }

    static func handler(of channel: any Channel) -> RedisChannelHandler? {
        try? channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self)
    }
}
