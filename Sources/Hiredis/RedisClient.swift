public import NIOCore
public import NIOPosix
import Synchronization

/// A client of one Redis server, with one connection for each event loop.
///
/// Where sentinels are configured, the server is the one that they name as the primary when a connection is made, and a
/// connection ends when its server is no longer that.
///
/// Any number of tasks may use it at once. The commands that they send during one turn of an event loop leave together,
/// in one write, and each task gets its own reply. Connections are made when they are needed; after one is lost, the
/// next command makes a new one. While a server cannot be reached, commands fail at once with
/// ``RedisError/Code/connectionFailed`` until a short wait is over, at most a second.
///
/// No command is ever sent twice. A command that timed out has an unknown outcome; so have those that were on the same
/// connection. Cancelling a task releases it at once, and does not call back a command that is already written.
public final class RedisClient: Sendable {
    /// Which server a command goes to.
    private enum Route {
        /// Always to the same one.
        case node(RedisNode)
        /// To none: the configuration cannot be used.
        case unusable(RedisError)
    }

    private let route: Route
    private let maximumCommandsInFlight: Int
    private let commandsInFlight = Atomic(0)

    /// What the client has done so far.
    package let counters: RedisCounters

    /// Creates a client with a connection for each event loop of NIOPosix in a group; nothing is connected yet.
    public init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        let counters = RedisCounters()
        self.counters = counters
        self.maximumCommandsInFlight = configuration.maximumCommandsInFlight
        var configuration = configuration
        do throws(RedisError) {
            try configuration.prepare()
        } catch {
            self.route = .unusable(error)
            return
        }
        switch configuration.deployment {
        case .standalone(let endpoint):
            self.route = .node(
                RedisNode(
                    configuration: configuration,
                    endpoint: endpoint,
                    eventLoopGroup: eventLoopGroup,
                    counters: counters
                )
            )
        case .sentinel(let sentinel):
            let locator = SentinelLocator(
                configuration: configuration,
                sentinel: sentinel,
                eventLoopGroup: eventLoopGroup
            )
            self.route = .node(
                RedisNode(
                    configuration: configuration,
                    address: .sentinel(locator),
                    eventLoopGroup: eventLoopGroup,
                    counters: counters
                )
            )
        case .cluster:
            self.route = .unusable(RedisError(code: .invalidConfiguration, message: "Cluster is not supported yet."))
        }
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
        switch self.route {
        case .node(let node): await node.shutdown()
        case .unusable: break
        }
    }

    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        // A caller that goes away leaves its slot at once; only the place of its reply stays in the order.
        defer { self.commandsInFlight.wrappingSubtract(1, ordering: .relaxed) }
        guard self.commandsInFlight.wrappingAdd(1, ordering: .relaxed).oldValue < self.maximumCommandsInFlight else {
            throw .overloaded
        }
        let reply =
            switch self.route {
            case .node(let node): try await node.perform(command)
            case .unusable(let error): throw error
            }
        if case .error(let text) = reply {
            throw RedisError(serverText: text)
        }
        return reply
    }
}
