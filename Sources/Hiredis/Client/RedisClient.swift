// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Metrics
package import NIOCore
import NIOPosix

/// A Redis client with one connection per server and event loop.
///
/// Any number of tasks can share a client. Commands from the same event-loop tick are written together, in one or a few writes.
///
/// Connections are opened on first use. After a connection is lost, the next command opens a new connection. After failed
/// connection attempts, there is a back-off of at most one second. During the back-off, commands fail immediately with
/// ``RedisError/Code/connectionFailed``.
///
/// The client never resends a command that may have run. If a command times out, the outcome of every command in flight on the
/// connection is unknown.
///
/// A cancelled caller stops waiting immediately, but the command may still run. For ``evaluate(_:keys:arguments:)`` and for
/// commands with `isCancellable: false`, a cancelled caller still waits for the reply.
///
/// With Sentinel, the client connects to the primary that the sentinels report. When another server becomes the primary, the
/// client closes the connections to the old primary.
///
/// On a cluster, the client sends a command to the node that serves the first key of the command. A command without a key, such
/// as `PING`, `SCAN` or `SCRIPT FLUSH`, is sent to any primary. The client follows redirections. Until the command timeout, the
/// client retries commands that did not run because a node rejected them or was unreachable. If no node is reachable, commands
/// fail immediately.
///
/// Scripts must not return errors that begin with `MOVED`, `ASK`, `TRYAGAIN`, `CLUSTERDOWN`, `MASTERDOWN`, `LOADING` or
/// `READONLY`, because the client would treat them as errors of the server.
package final class RedisClient: Sendable {
    /// The destination of all commands of a client.
    enum Route {
        case node(RedisNode)
        case cluster(RedisCluster)
        /// No destination, because the configuration is invalid.
        case unusable(RedisError)
    }

    let route: Route
    private let load: CommandLoad
    private let maximumCommandsInFlight: Int
    private let maximumBytesInFlight: Int

    /// The counters and metrics of this client.
    package let counters: RedisMetrics

    /// Creates a client without connecting.
    ///
    /// If the configuration or a TLS file is invalid, every command fails with ``RedisError/Code/invalidConfiguration``.
    /// - Parameters:
    ///   - configuration: The servers and the settings.
    ///   - eventLoopGroup: A group of NIOPosix event loops.
    ///   - logger: The logger for connection events; by default the task-local logger.
    ///   - metricsFactory: The factory for metrics.
    ///   - clock: The clock that measures the interval between queries to the sentinels.
    package init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger = .current,
        metricsFactory: any MetricsFactory = MetricsSystem.factory,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        let counters = RedisMetrics(logger: logger, factory: metricsFactory)
        self.counters = counters
        self.load = counters.load
        // A negative limit is invalid, so every command fails with the error in `route`.
        self.maximumCommandsInFlight = max(0, configuration.maximumCommandsInFlight)
        self.maximumBytesInFlight = max(0, configuration.maximumBytesInFlight)
        var configuration = configuration
        do throws(RedisError) {
            try configuration.prepare()
        } catch {
            self.route = .unusable(error)
            return
        }
        self.route = Self.route(configuration, eventLoopGroup, counters, metricsFactory, clock)
    }

    private static func route(
        _ configuration: RedisConfiguration,
        _ eventLoopGroup: any EventLoopGroup,
        _ counters: RedisMetrics,
        _ metricsFactory: any MetricsFactory,
        _ clock: any Clock<Duration>
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
                metricsFactory: metricsFactory,
                clock: clock
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
    package func send(
        _ command: String,
        _ arguments: [RedisArgument],
        isCancellable: Bool = true
    ) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments, isCancellable: isCancellable))
    }

    /// Sends a command and returns its reply.
    ///
    /// - Throws: ``RedisError``. The code is ``RedisError/Code/server`` if the reply is an error.
    package func send(_ command: String, _ arguments: RedisArgument...) async throws(RedisError) -> RedisReply {
        try await self.perform(RedisCommand(name: command, arguments: arguments))
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending and later commands fail with ``RedisError/Code/clientClosed``. During a connection attempt, the method can take
    /// up to the connect timeout.
    package func shutdown() async {
        switch self.route {
        case .node(let node): await node.shutdown()
        case .cluster(let cluster): await cluster.shutdown()
        case .unusable: break
        }
    }

    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        try await self.admit(command) { () async throws(RedisError) in
            switch self.route {
            case .node(let node): try await node.perform(command)
            case .cluster(let cluster): try await cluster.perform(command)
            case .unusable(let error): throw error
            }
        }
    }

    /// Sends a command if the limits on commands in flight allow the command.
    ///
    /// Throws an error if the reply is an error.
    @inline(__always)  // A frame of its own would cost an allocation and a check of the executor.
    func admit(
        _ command: RedisCommand,
        _ send: () async throws(RedisError) -> RedisReply
    ) async throws(RedisError) -> RedisReply {
        // If the caller is cancelled, a written command is still counted until the reply arrives.
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
            reply = try await send()
        } catch {
            self.counters.commandFailed(error.code)
            throw error
        }
        if case .error(let text) = reply {
            throw RedisError(serverText: text)
        }
        return reply
    }

    /// The error for a command that exceeds a limit.
    private var rejection: RedisError {
        // With an invalid configuration, every command fails with the same error.
        if case .unusable(let error) = self.route { return error }
        self.counters.commandFailed(.overloaded)
        return .overloaded
    }
}

extension RedisClient {
    /// The error with which every command fails; `nil` if the configuration is valid.
    package var configurationError: RedisError? {
        if case .unusable(let error) = self.route { error } else { nil }
    }
}
