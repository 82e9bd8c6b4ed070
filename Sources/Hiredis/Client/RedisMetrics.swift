import Synchronization

/// What a client has done so far, counted so that a test can tell round trips and writes from attempts.
package final class RedisMetrics: Sendable {
    private let writeCount = Atomic(0)
    private let commandCount = Atomic(0)
    private let attemptCount = Atomic(0)
    private let connectionCount = Atomic(0)
    private let redirectionCount = Atomic(0)
    private let mapRequestCount = Atomic(0)
    private let examinationCount = Atomic(0)

    /// The commands whose replies are outstanding.
    package let load = CommandLoad()

    /// How often bytes were handed to a connection.
    package var writes: Int { self.writeCount.load(ordering: .relaxed) }

    /// How many commands were handed to a connection, with `AUTH` and `SELECT`; an `ASKING` counts with its command.
    package var commandsSent: Int { self.commandCount.load(ordering: .relaxed) }

    /// How often a connection was tried.
    package var connectionsAttempted: Int { self.attemptCount.load(ordering: .relaxed) }

    /// How many connections were established.
    package var connectionsOpened: Int { self.connectionCount.load(ordering: .relaxed) }

    /// How many commands a cluster's node sent to another node.
    package var redirections: Int { self.redirectionCount.load(ordering: .relaxed) }

    /// How often a node was asked for the map of a cluster.
    package var slotMapRequests: Int { self.mapRequestCount.load(ordering: .relaxed) }

    /// How many commands were examined to find those of callers that went away.
    package var commandsExamined: Int { self.examinationCount.load(ordering: .relaxed) }

    func didExamine(commands: Int) {
        self.examinationCount.wrappingAdd(commands, ordering: .relaxed)
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
