package import NIOCore
import NIOPosix

/// A client of Redis, with one connection for each server and event loop.
///
/// Where sentinels are configured, the server is the one that they name as the primary when a connection is made, and a
/// connection ends when its server is no longer that.
///
/// Any number of tasks may use it at once. The commands that they send during one turn of an event loop leave together,
/// in one write, and each task gets its own reply. Connections are made when they are needed; after one is lost, the
/// next command makes a new one. While a server cannot be reached, commands fail at once with
/// ``RedisError/Code/connectionFailed`` until a short wait is over, at most a second.
///
/// No command that may have run is ever sent twice. A command that timed out has an unknown outcome; so have those that
/// were on the same connection. Cancelling a task releases it at once, and does not call back a command that is already
/// written.
///
/// On a cluster a command goes to the node that serves its first key, and one without a key, such as `PING`, `SCAN` or
/// `SCRIPT FLUSH`, to any one node. Where the cluster sends a command elsewhere or puts it off, which it does before
/// the command runs, the client follows and tries again until the command timeout is over. So it does while a node
/// cannot be reached and others can, since one of them may take over. Scripts must not make up errors whose first word
/// is `MOVED`, `ASK`, `TRYAGAIN`, `CLUSTERDOWN`, `MASTERDOWN`, `LOADING` or `READONLY`: they would be taken for the
/// cluster's.
package final class RedisClient: Sendable {
    /// Which server a command goes to.
    private enum Route {
        /// Always to the same one.
        case node(RedisNode)
        /// To the node of a cluster that serves its key.
        case cluster(RedisCluster)
        /// To none: the configuration cannot be used.
        case unusable(RedisError)
    }

    private let route: Route
    private let load: CommandLoad
    private let maximumCommandsInFlight: Int
    private let maximumBytesInFlight: Int

    /// What the client has done so far.
    package let counters: RedisMetrics

    /// Creates a client with a connection for each event loop of NIOPosix in a group; nothing is connected yet.
    ///
    /// With settings that ``RedisConfiguration/validate()`` refuses, every command fails with its error.
    package init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        let counters = RedisMetrics()
        self.counters = counters
        self.load = counters.load
        // Limits that cannot be used admit nothing, and the route says why.
        self.maximumCommandsInFlight = max(0, configuration.maximumCommandsInFlight)
        self.maximumBytesInFlight = max(0, configuration.maximumBytesInFlight)
        var configuration = configuration
        do throws(RedisError) {
            try configuration.prepare()
        } catch {
            self.route = .unusable(error)
            return
        }
        switch configuration.deployment.kind {
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
        case .cluster(let seeds):
            self.route = .cluster(
                RedisCluster(
                    configuration: configuration,
                    seeds: seeds,
                    eventLoopGroup: eventLoopGroup,
                    counters: counters
                )
            )
        }
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    package func send(_ command: String, _ arguments: [RedisArgument]) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    package func send(_ command: String, _ arguments: RedisArgument...) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Closes the connections, fails what is pending with ``RedisError/Code/clientClosed``, and returns when all is
    /// closed.
    ///
    /// Every later command fails in the same way. It takes longer than a moment only where an address is being resolved
    /// or swallows packets, and then the connect timeout at most.
    package func shutdown() async {
        switch self.route {
        case .node(let node): await node.shutdown()
        case .cluster(let cluster): await cluster.shutdown()
        case .unusable: break
        }
    }

    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        // A command that was written counts until its reply, even if its caller has gone: the connection then holds its place.
        guard
            self.load.admit(
                bytes: command.sizeBound,
                maximumCommands: self.maximumCommandsInFlight,
                maximumBytes: self.maximumBytesInFlight
            )
        else { throw self.refusal }
        defer { self.load.release(bytes: command.sizeBound) }
        let reply =
            switch self.route {
            case .node(let node): try await node.perform(command)
            case .cluster(let cluster): try await cluster.perform(command)
            case .unusable(let error): throw error
            }
        if case .error(let text) = reply {
            throw RedisError(serverText: text)
        }
        return reply
    }

    /// The error of a command that was not admitted.
    private var refusal: RedisError {
        // No command is admitted by limits that cannot be used.
        if case .unusable(let error) = self.route { error } else { .overloaded }
    }
}

extension RedisClient {
    /// The error of settings that cannot be used; every command fails with it.
    package var configurationError: RedisError? {
        if case .unusable(let error) = self.route { error } else { nil }
    }
}
