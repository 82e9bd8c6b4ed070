// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Metrics
import Synchronization

/// Counts and logs the work of a client: connections, losses, failovers and failed commands.
///
/// Metric labels and log metadata contain addresses and error codes, but no key, argument, user or password. The plain numbers
/// let a test tell round trips and writes from attempts.
package final class RedisMetrics: Sendable {
    /// The kind of server at the other end of the connections.
    ///
    /// Closed: a client connects to servers and to sentinels only.
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

    /// The commands whose replies are outstanding.
    package let load = CommandLoad()

    /// Creates counters.
    ///
    /// - Parameters:
    ///   - peer: The kind of server.
    ///   - logger: The logger of connection events. Event loops run outside tasks, so the logger of the creating task is kept.
    ///   - factory: The factory of the metrics.
    package init(
        peer: Peer = .server,
        logger: Logger = .current,
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.peer = peer
        self.logger = logger
        self.events = EventCounters(peer: peer, factory: factory)
    }

    /// The number of writes to connections.
    package var writes: Int { self.writeCount.load(ordering: .relaxed) }

    /// The number of commands written, with `AUTH` and `SELECT`; an `ASKING` is counted with its command.
    package var commandsSent: Int { self.commandCount.load(ordering: .relaxed) }

    /// The number of connection attempts.
    package var connectionsAttempted: Int { self.attemptCount.load(ordering: .relaxed) }

    /// The number of established connections.
    package var connectionsOpened: Int { self.connectionCount.load(ordering: .relaxed) }

    /// The number of commands that a cluster node redirected to another node.
    package var redirections: Int { self.redirectionCount.load(ordering: .relaxed) }

    /// The number of requests for the slot map of a cluster.
    package var slotMapRequests: Int { self.mapRequestCount.load(ordering: .relaxed) }

    /// The number of commands scanned to find the cancelled ones.
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
