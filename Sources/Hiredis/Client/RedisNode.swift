// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections to one Redis server, with one connection per event loop.
final class RedisNode: Sendable {
    private let connections: [RedisConnection]
    private let locator: SentinelLocator?
    private let confirmsWrites: Bool
    private let deadlines: DeadlineQueue
    private let turn = Atomic<UInt>(0)

    /// Creates one connection object per event loop for the server at an address.
    ///
    /// Each object opens its connection on first use.
    convenience init(
        configuration: RedisConfiguration,
        endpoint: RedisConfiguration.Endpoint,
        eventLoopGroup: any EventLoopGroup,
        counters: RedisMetrics
    ) {
        self.init(
            configuration: configuration,
            address: .fixed(endpoint),
            eventLoopGroup: eventLoopGroup,
            counters: counters
        )
    }

    /// Creates one connection object per event loop.
    ///
    /// Each object opens its connection on first use.
    init(
        configuration: RedisConfiguration,
        address: RedisAddress,
        eventLoopGroup: any EventLoopGroup,
        counters: RedisMetrics
    ) {
        self.locator = address.locator
        self.confirmsWrites = configuration.minimumReplicas > 0
        self.deadlines = DeadlineQueue(eventLoop: eventLoopGroup.any())
        let siblings = RedisConnectionSet()
        self.connections = eventLoopGroup.makeIterator()
            .map {
                RedisConnection(
                    configuration: configuration,
                    address: address,
                    eventLoop: $0,
                    counters: counters,
                    siblings: siblings
                )
            }
        siblings.set(self.connections)
    }

    deinit {
        self.close()
    }

    /// Sends a command and returns its reply, which may be an error reply.
    func perform(
        _ command: RedisCommand,
        asking: Bool = false,
        deadline: NIODeadline? = nil
    ) async throws(RedisError) -> RedisReply {
        if command.isCancellable, Task.isCancelled { throw .cancelled }
        let connection = self.nextConnection()
        let id = connection.makeID()
        let needsConfirmation = self.confirmsWrites && command.mayWrite
        let expiry = deadline.map { self.deadlines.schedule(at: $0) { connection.cancel(id, .expired) } }
        func submit(_ task: WaitingTask) {
            connection.submit(
                command,
                id: id,
                asking: asking,
                needsConfirmation: needsConfirmation,
                waiter: .task(task)
            )
            // A cancellation before `submit` has no effect, so it is repeated here.
            if let deadline, deadline <= .now() { connection.cancel(id, .expired) }
            if command.isCancellable, Task.isCancelled { connection.cancel(id, .cancelled) }
        }
        let reply: WaitingTask.Reply
        if command.isCancellable {
            reply = await withTaskCancellationHandler {
                await WaitingTask.reply(submit)
            } onCancel: {
                connection.cancel(id, .cancelled)
            }
        } else {
            reply = await WaitingTask.reply(submit)
        }
        if let expiry { self.deadlines.cancel(expiry) }
        return try reply.get()
    }

    /// Rejects all later commands, and starts to close the connections.
    func close() {
        self.locator?.close()
        for connection in self.connections { connection.close() }
    }

    /// Closes the connections, and returns when they are closed.
    func shutdown() async {
        self.close()
        await self.locator?.shutdown()
        for connection in self.connections { await connection.shutdown() }
    }

    /// Returns the connection for a command.
    ///
    /// A caller on an event loop uses the connection of this event loop. Other callers use the connections in turn.
    private func nextConnection() -> RedisConnection {
        if self.connections.count == 1 { return self.connections[0] }
        if let own = self.connections.first(where: { $0.eventLoop.inEventLoop }) { return own }
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return self.connections[Int(turn % UInt(self.connections.count))]
    }
}
