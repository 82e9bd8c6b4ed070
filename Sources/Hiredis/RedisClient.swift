public import NIOCore
public import NIOPosix
import Synchronization

/// A client of one Redis server, with one connection for each event loop.
///
/// Any number of tasks may use it at once. The commands that they send during one turn of an event loop leave together,
/// in one write, and each task gets its own reply. Connections are made when they are needed; after one is lost, the
/// next command makes a new one. While a server cannot be reached, commands fail at once with
/// ``RedisError/Code/connectionFailed`` until a short wait is over, at most a second.
///
/// No command is ever sent twice. A command that timed out has an unknown outcome; so have those that were on the same
/// connection. Cancelling a task releases it at once, and does not call back a command that is already written.
public final class RedisClient: Sendable {
    private let connections: [RedisConnection]
    private let turn = Atomic<UInt>(0)

    /// What the client has done so far.
    package let counters: RedisCounters

    /// Creates a client with a connection for each event loop of NIOPosix in a group; nothing is connected yet.
    public init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        let counters = RedisCounters()
        self.counters = counters
        self.connections = eventLoopGroup.makeIterator()
            .map {
                RedisConnection(configuration: configuration, eventLoop: $0, counters: counters)
            }
    }

    deinit {
        for connection in self.connections { connection.close() }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    public func send(_ command: String, _ arguments: [RedisArgument]) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    public func send(_ command: String, _ arguments: RedisArgument...) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Closes the connections, fails what is pending with ``RedisError/Code/clientClosed``, and returns when all is
    /// closed.
    ///
    /// Every later command fails in the same way. It takes longer than a moment only where an address is being resolved
    /// or swallows packets, and then the connect timeout at most.
    public func shutdown() async {
        for connection in self.connections { connection.close() }
        for connection in self.connections { await connection.shutdown() }
    }

    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        guard !Task.isCancelled else { throw .cancelled }
        let connection = self.nextConnection()
        let id = connection.makeID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<RedisReply, RedisError>, Never>) in
                do throws(RedisError) {
                    connection.submit(try FormattedCommand(command), id: id, waiter: .task(continuation))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
                // The handler below may have run before there was a command to cancel.
                if Task.isCancelled {
                    connection.cancel(id)
                }
            }
        } onCancel: {
            connection.cancel(id)
        }
        let reply = try result.get()
        if case .error(let text) = reply {
            throw RedisError(serverText: text)
        }
        return reply
    }

    /// The connection of the event loop that the caller is on, or else each in turn.
    private func nextConnection() -> RedisConnection {
        if self.connections.count == 1 { return self.connections[0] }
        if let own = self.connections.first(where: { $0.eventLoop.inEventLoop }) { return own }
        let turn = self.turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return self.connections[Int(turn % UInt(self.connections.count))]
    }
}
