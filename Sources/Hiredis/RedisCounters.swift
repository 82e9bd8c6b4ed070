import Synchronization

/// What a client has done so far, counted so that a test can tell round trips and writes from guesses.
package final class RedisCounters: Sendable {
    private let writeCount = Atomic(0)
    private let commandCount = Atomic(0)
    private let attemptCount = Atomic(0)
    private let connectionCount = Atomic(0)

    /// How often bytes were handed to a connection.
    package var writes: Int { self.writeCount.load(ordering: .relaxed) }

    /// How many commands were handed to a connection, with `AUTH` and `SELECT`.
    package var commandsSent: Int { self.commandCount.load(ordering: .relaxed) }

    /// How often a connection was tried.
    package var connectionsAttempted: Int { self.attemptCount.load(ordering: .relaxed) }

    /// How many connections were established.
    package var connectionsOpened: Int { self.connectionCount.load(ordering: .relaxed) }

    func didWrite(commands: Int) {
        self.writeCount.wrappingAdd(1, ordering: .relaxed)
        self.commandCount.wrappingAdd(commands, ordering: .relaxed)
    }

    func willConnect() {
        self.attemptCount.wrappingAdd(1, ordering: .relaxed)
    }

    func didConnect() {
        self.connectionCount.wrappingAdd(1, ordering: .relaxed)
    }
}
