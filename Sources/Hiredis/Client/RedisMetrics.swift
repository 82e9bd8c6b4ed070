// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Metrics
import Synchronization

/// Counters and log events of a client: connections, failovers and failed commands.
///
/// Metric labels and log metadata contain addresses and error codes, but no key, argument, user or password. Tests use the
/// counters to distinguish round trips, writes and attempts.
package final class RedisMetrics: Sendable {
    /// The kind of server at the other end of a connection.
    ///
    /// A client connects only to servers and to sentinels, so no cases will be added.
    package enum Peer: String, Sendable {
        case server
        case sentinel
    }

    /// The logger of the client's events.
    package let logger: Logger
    let peer: Peer
    let events: EventCounters

    private let writeCount = Atomic(0)
    private let commandCount = Atomic(0)
    private let attemptCount = Atomic(0)
    private let connectionCount = Atomic(0)
    private let redirectionCount = Atomic(0)
    private let mapRequestCount = Atomic(0)
    private let scanCount = Atomic(0)

    /// The load of commands whose replies have not arrived.
    package let load = CommandLoad()

    /// Creates counters.
    ///
    /// - Parameters:
    ///   - peer: The kind of server.
    ///   - logger: The logger for connection events. A stored logger is necessary, because event loops run outside of tasks
    ///     and have no task-local logger.
    ///   - factory: The factory for metrics.
    package init(
        peer: Peer = .server,
        logger: Logger = .current,
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.peer = peer
        self.logger = logger
        self.events = EventCounters(peer: peer, factory: factory)
    }

    /// The number of writes to connections, each with one or more commands.
    package var writes: Int { self.writeCount.load(ordering: .relaxed) }

    /// The number of written commands, including `AUTH` and `SELECT`.
    ///
    /// An `ASKING` and its command count as one.
    package var commandsSent: Int { self.commandCount.load(ordering: .relaxed) }

    /// The number of connection attempts.
    package var connectionsAttempted: Int { self.attemptCount.load(ordering: .relaxed) }

    /// The number of connections that were established since the metrics were created, including connections that are closed
    /// now.
    package var connectionsOpened: Int { self.connectionCount.load(ordering: .relaxed) }

    /// The number of commands that a cluster node redirected to another node.
    package var redirections: Int { self.redirectionCount.load(ordering: .relaxed) }

    /// The number of requests for the slot map of a cluster.
    package var slotMapRequests: Int { self.mapRequestCount.load(ordering: .relaxed) }

    /// The number of commands that the client has scanned in order to find cancelled commands.
    package var commandsScanned: Int { self.scanCount.load(ordering: .relaxed) }

    func didScan(commands: Int) {
        self.scanCount.wrappingAdd(commands, ordering: .relaxed)
    }

    func didWrite(commands: Int) {
        self.writeCount.wrappingAdd(1, ordering: .relaxed)
        self.commandCount.wrappingAdd(commands, ordering: .relaxed)
    }

    func willConnect() {
        self.attemptCount.wrappingAdd(1, ordering: .relaxed)
    }

    func didRedirect() {
        self.redirectionCount.wrappingAdd(1, ordering: .relaxed)
    }

    func willRequestSlotMap() {
        self.mapRequestCount.wrappingAdd(1, ordering: .relaxed)
    }

    func didConnect() {
        self.connectionCount.wrappingAdd(1, ordering: .relaxed)
    }
}
