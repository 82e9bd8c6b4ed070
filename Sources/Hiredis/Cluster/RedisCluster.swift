import Deadlines
import NIOCore
import Synchronization

/// A Redis Cluster: sends each command to the node that serves its key, and follows the cluster when it changes.
///
/// A command is sent again only where it certainly has not run: a node sent it elsewhere or refused it before it ran,
/// or nothing of it was written. All of that together takes no longer than the command timeout.
final class RedisCluster: Sendable {
    /// How often a command is sent to another node before its error is thrown.
    static let maximumRedirections = 16

    let configuration: RedisConfiguration
    let seeds: [RedisConfiguration.Endpoint]
    let counters: RedisMetrics
    let table = Mutex(ClusterTable())
    private let deadlines: DeadlineQueue
    private let eventLoopGroup: any EventLoopGroup
    private let lastSleeper = Atomic<UInt64>(0)

    /// Creates a cluster of which no more is known than where to ask; nothing is connected yet.
    init(
        configuration: RedisConfiguration,
        seeds: [RedisConfiguration.Endpoint],
        eventLoopGroup: any EventLoopGroup,
        counters: RedisMetrics
    ) {
        self.configuration = configuration
        self.seeds = seeds
        self.deadlines = DeadlineQueue(eventLoop: eventLoopGroup.any())
        self.eventLoopGroup = eventLoopGroup
        self.counters = counters
    }

    /// Sends a command to the node of its key and waits for its reply, which may be an error of the server.
    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        let slot = command.slot
        var attempt = ClusterRouting(timeout: self.configuration.commandTimeout)
        while true {
            guard let target = try await self.target(of: slot, &attempt) else { continue }
            switch await target.result(of: command, deadline: attempt.isLate ? attempt.deadline : nil) {
            case .success(.error(let text)):
                guard try await self.follow(text, from: target.node, &attempt) else { return .error(text) }
            case .success(let reply):
                return reply
            case .failure(let error):
                guard try await self.recover(from: error, &attempt) else { throw error }
            }
        }
    }

    /// Refuses every later command, closes all nodes, and waits until they are gone.
    func shutdown() async {
        let (nodes, sleepers, task) = self.table.withLock { table in
            table.isClosed = true
            defer { table.sleepers = [:] }
            return (table.removeAll(), table.sleepers, table.refresh.task)
        }
        task?.cancel()
        for sleeper in sleepers.values { sleeper.fulfill(with: ()) }
        for node in nodes { node.close() }
        for node in nodes { await node.shutdown() }
        await task?.value
    }

    func makeNode(_ endpoint: RedisConfiguration.Endpoint) -> RedisNode {
        RedisNode(
            configuration: self.configuration,
            endpoint: endpoint,
            eventLoopGroup: self.eventLoopGroup,
            counters: self.counters
        )
    }

    // MARK: One command

    /// Where a command goes next; `nil` if there was no node to name, and a wait for one has ended.
    private func target(
        of slot: HashSlot?,
        _ attempt: inout ClusterRouting
    ) async throws(RedisError) -> ClusterTarget? {
        if let target = attempt.next {
            attempt.next = nil
            return target
        }
        let (node, isClosed) = self.table.withLock { ($0.node(for: slot), $0.isClosed) }
        if let node { return ClusterTarget(node: node, asking: false) }
        guard !isClosed else { throw .clientClosed }
        guard try await self.recover(from: .noNodeAnswered, &attempt) else { throw .noNodeAnswered }
        return nil
    }

    /// Does what a node's error asks for, and answers whether the command is to be sent again.
    private func follow(
        _ text: String,
        from node: RedisNode,
        _ attempt: inout ClusterRouting
    ) async throws(RedisError) -> Bool {
        let (endpoint, members) = self.table.withLock { ($0.endpoint(of: node), $0.map.endpoints) }
        switch ClusterReply(text, from: endpoint, among: members) {
        case .moved(let slot, let endpoint):
            let isNews = self.table.withLock { $0.move(slot, to: endpoint, make: self.makeNode) }
            if isNews {
                self.requestRefresh()
            }
            return try await self.redirect(to: endpoint, asking: false, &attempt)
        case .ask(let endpoint):
            return try await self.redirect(to: endpoint, asking: true, &attempt)
        case .notNow(let refreshes):
            if refreshes {
                self.requestRefresh()
            }
            attempt.redirections = 0
            return try await self.pause(&attempt, until: attempt.nextPause())
        case .final:
            return false
        }
    }

    private func redirect(
        to endpoint: RedisConfiguration.Endpoint,
        asking: Bool,
        _ attempt: inout ClusterRouting
    ) async throws(RedisError) -> Bool {
        guard attempt.redirections < Self.maximumRedirections else { return false }
        attempt.redirections += 1
        attempt.isLate = true
        self.counters.didRedirect()
        guard let node = self.table.withLock({ $0.node(at: endpoint, make: self.makeNode) }) else { return false }
        // Nodes that point at each other have not agreed yet.
        if attempt.redirections > 3 {
            guard try await self.pause(&attempt, until: attempt.nextPause()) else { return false }
        }
        attempt.next = ClusterTarget(node: node, asking: asking)
        return attempt.hasTimeLeft
    }

    /// Looks for the nodes again after a failure, and answers whether the command is to be sent again.
    private func recover(from error: RedisError, _ attempt: inout ClusterRouting) async throws(RedisError) -> Bool {
        switch error.code {
        case .connectionFailed:
            let request = self.requestRefresh()
            // While no node of the cluster can be reached, commands fail at once, as they do with one server.
            if let failure = request.failure { throw failure }
            let hasTimeLeft = try await self.pause(&attempt, until: attempt.deadline, unlessAfter: request.attempts)
            // A refresh that a shutdown cut short has failed too.
            if let failure = self.table.withLock({ $0.isClosed ? .clientClosed : $0.refresh.failure }) { throw failure }
            return hasTimeLeft
        case .outcomeUnknown, .protocolViolation:
            self.requestRefresh()
            return false
        default:
            return false
        }
    }

    /// Waits until a moment or the end of the next refresh, and answers whether the command has time left.
    ///
    /// - Parameters:
    ///   - attempt: The command.
    ///   - end: The moment.
    ///   - attempts: How many refreshes had ended when the caller decided to wait; if there are more, one has ended
    ///     since.
    /// - Returns: Whether the command has time left.
    /// - Throws: ``RedisError/Code/cancelled``.
    private func pause(
        _ attempt: inout ClusterRouting,
        until end: NIODeadline,
        unlessAfter attempts: UInt64 = .max
    ) async throws(RedisError) -> Bool {
        attempt.isLate = true
        guard attempt.hasTimeLeft else { return false }
        let id = self.lastSleeper.wrappingAdd(1, ordering: .relaxed).newValue
        let sleeper = Promise<Void>()
        let expiry = self.deadlines.schedule(at: end) { sleeper.fulfill(with: ()) }
        let sleeps = self.table.withLock { table in
            guard !table.isClosed, table.refresh.attempts <= attempts else { return false }
            table.sleepers[id] = sleeper
            return true
        }
        // An event loop that has ended calls no deadline.
        if !sleeps || end <= .now() || self.deadlines.hasEnded { sleeper.fulfill(with: ()) }
        await sleeper.wait(ifCancelled: ())
        self.deadlines.cancel(expiry)
        _ = self.table.withLock { $0.sleepers.removeValue(forKey: id) }
        guard !Task.isCancelled else { throw .cancelled }
        return attempt.hasTimeLeft
    }
}

extension RedisError {
    static var noNodeAnswered: Self {
        Self(code: .connectionFailed, message: "No node of the cluster can be reached.")
    }
}
