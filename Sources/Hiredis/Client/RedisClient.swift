// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Metrics
package import NIOCore
import NIOPosix

/// A Redis client with one connection per server and event loop.
///
/// With Sentinel, a connection goes to the server that the sentinels name as the primary, and is closed when that server is no
/// longer the primary.
///
/// Any number of tasks may share a client. The commands sent during one event-loop tick leave in one write. Connections are opened
/// on first use; after a loss, the next command opens a new one. While a server is unreachable, commands fail immediately with
/// ``RedisError/Code/connectionFailed`` until a back-off of at most one second has elapsed.
///
/// A command that may have run is never sent again. A command that times out has an unknown outcome, and so have the other commands
/// on its connection. Cancelling a task resumes it immediately, but does not recall a command that was written. The caller of a script
/// is not resumed: see ``evaluate(_:keys:arguments:)``.
///
/// On a cluster, a command goes to the node that serves its first key; a command without a key, such as `PING`, `SCAN` or
/// `SCRIPT FLUSH`, goes to any one node. The client follows redirections and retries commands that the cluster rejected before they
/// ran, within the command timeout. The same applies while a node is unreachable and others are not, since one of them may take
/// over. Scripts must not return errors whose first word is `MOVED`, `ASK`, `TRYAGAIN`, `CLUSTERDOWN`, `MASTERDOWN`, `LOADING` or
/// `READONLY`: the client would take them for errors of the cluster.
package final class RedisClient: Sendable {
    /// The destination of the commands.
    private enum Route {
        case node(RedisNode)
        case cluster(RedisCluster)
        /// The configuration is invalid.
        case unusable(RedisError)
    }

    private let route: Route
    private let load: CommandLoad
    private let maximumCommandsInFlight: Int
    private let maximumBytesInFlight: Int

    /// The counters of this client.
    package let counters: RedisMetrics

    /// Creates a client with one connection per event loop; nothing is connected yet.
    ///
    /// With settings that ``RedisConfiguration/validate()`` rejects, every command fails with the error of that function.
    /// - Parameters:
    ///   - configuration: The servers and the settings.
    ///   - eventLoopGroup: A group of NIOPosix event loops.
    ///   - logger: The logger of connection events; the task-local logger of the creating task unless set.
    ///   - metricsFactory: The factory of the metrics.
    package init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = .current,
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        let counters = RedisMetrics(logger: logger, factory: metricsFactory)
        self.counters = counters
        self.load = counters.load
        // Invalid limits admit no command, and the route has the error.
        self.maximumCommandsInFlight = max(0, configuration.maximumCommandsInFlight)
        self.maximumBytesInFlight = max(0, configuration.maximumBytesInFlight)
        var configuration = configuration
        do throws(RedisError) {
            try configuration.prepare()
        } catch {
            self.route = .unusable(error)
            return
        }
        self.route = Self.route(configuration, eventLoopGroup, counters, metricsFactory)
    }

    private static func route(
        _ configuration: RedisConfiguration,
        _ eventLoopGroup: any EventLoopGroup,
        _ counters: RedisMetrics,
        _ metricsFactory: any MetricsFactory
    ) -> Route {
        func node(_ address: RedisAddress) -> Route {
            .node(
                RedisNode(
                    configuration: configuration,
                    address: address,
                    eventLoopGroup: eventLoopGroup,
                    counters: counters
                )
            )
        }
        switch configuration.deployment.kind {
        case .standalone(let endpoint):
            return node(.fixed(endpoint))
        case .sentinel(let sentinel):
            let locator = SentinelLocator(
                configuration: configuration,
                sentinel: sentinel,
                eventLoopGroup: eventLoopGroup,
                counters: counters,
                metricsFactory: metricsFactory
            )
            return node(.sentinel(locator))
        case .cluster(let seeds):
            return .cluster(
                RedisCluster(
                    configuration: configuration,
                    seeds: seeds,
                    eventLoopGroup: eventLoopGroup,
                    counters: counters
                )
            )
        }
    }

    /// Sends a command and returns its reply.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - arguments: The arguments.
    ///   - isCancellable: Whether a cancelled caller stops waiting for the reply.
    /// - Returns: The reply.
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    package func send(
        _ command: String,
        _ arguments: [RedisArgument],
        isCancellable: Bool = true
    ) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments, isCancellable: isCancellable))
    }

    /// Sends a command and returns its reply.
    ///
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    package func send(_ command: String, _ arguments: RedisArgument...) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Closes the connections, fails pending commands with ``RedisError/Code/clientClosed``, and returns when every connection has
    /// ended.
    ///
    /// Later commands fail in the same way. Returns within the connect timeout, and usually immediately: only name resolution and
    /// dropped packets take longer.
    package func shutdown() async {
        switch self.route {
        case .node(let node): await node.shutdown()
        case .cluster(let cluster): await cluster.shutdown()
        case .unusable: break
        }
    }

    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        // A written command is counted until its reply, even if its caller is gone: the connection then holds its entry.
        guard
            self.load.admit(
                bytes: command.sizeBound,
                maximumCommands: self.maximumCommandsInFlight,
                maximumBytes: self.maximumBytesInFlight
            )
        else { throw self.rejection }
        defer { self.load.release(bytes: command.sizeBound) }
        let reply: RedisReply
        do throws(RedisError) {
            switch self.route {
            case .node(let node): reply = try await node.perform(command)
            case .cluster(let cluster): reply = try await cluster.perform(command)
            case .unusable(let error): throw error
            }
        } catch {
            self.counters.commandFailed(error.code)
            throw error
        }
        if case .error(let text) = reply {
            throw RedisError(serverText: text)
        }
        return reply
    }

    /// The error of a command that was not admitted.
    private var rejection: RedisError {
        // Invalid limits admit no command.
        if case .unusable(let error) = self.route { return error }
        self.counters.commandFailed(.overloaded)
        return .overloaded
    }
}

extension RedisClient {
    /// The error of settings that cannot be used; every command fails with it.
    package var configurationError: RedisError? {
        if case .unusable(let error) = self.route { error } else { nil }
    }
}
