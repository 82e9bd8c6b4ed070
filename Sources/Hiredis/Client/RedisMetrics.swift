// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Metrics
import Synchronization

/// The counters and log events of a client for connections, failovers and failed commands.
///
/// Metric labels and log metadata contain addresses and error codes, but no key, argument, user or password.
package final class RedisMetrics: Sendable {
    /// The kind of server at the other end of a connection.
    package enum Peer: String, Sendable {
        case server
        case sentinel
    }

    /// The logger for the events of the client.
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

    /// The number and the size of the commands in flight.
    package let load = CommandLoad()

    /// Creates counters.
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
    ///
    /// Each write contains one or more commands.
    package var writes: Int { self.writeCount.load(ordering: .relaxed) }

    /// The number of written commands, including `AUTH` and `SELECT`.
    ///
    /// `ASKING` and the command that follows are counted as one command.
    package var commandsSent: Int { self.commandCount.load(ordering: .relaxed) }

    /// The number of connection attempts.
    package var connectionsAttempted: Int { self.attemptCount.load(ordering: .relaxed) }

    /// The number of connections that were established, including connections that are now closed.
    package var connectionsOpened: Int { self.connectionCount.load(ordering: .relaxed) }

    /// The number of commands that a cluster node redirected to another node.
    package var redirections: Int { self.redirectionCount.load(ordering: .relaxed) }

    /// The number of requests for the slot map of a cluster.
    package var slotMapRequests: Int { self.mapRequestCount.load(ordering: .relaxed) }

    /// The number of commands that the client examined while it looked for commands of cancelled callers.
    ///
    /// A command is counted each time it is examined.
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
