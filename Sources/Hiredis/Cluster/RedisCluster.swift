// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore
import Synchronization

/// A client for a Redis Cluster, which sends each command to the node that serves the key.
///
/// The client follows failovers and resharding. A command is sent again only if it was not written, or if a node redirected or
/// rejected it. The command timeout includes all retries.
final class RedisCluster: Sendable {
    /// The maximum number of consecutive redirections of a command.
    ///
    /// After this number, the command fails with the error reply of the last redirection.
    static let maximumRedirections = 16

    let configuration: RedisConfiguration
    let seeds: [RedisConfiguration.Endpoint]
    let counters: RedisMetrics
    let table = Mutex(ClusterTable())
    private let deadlines: DeadlineQueue
    private let eventLoopGroup: any EventLoopGroup
    private let lastSuspension = Atomic<UInt64>(0)

    /// Creates a client with an empty slot map, without connecting.
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

    /// Sends a command to the node that serves the key, and returns the reply or the error reply.
    func perform(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        let slot = command.slot
        var routing = ClusterRouting(
            timeout: self.configuration.commandTimeout,
            isCancellable: command.isCancellable
        )
        while true {
            guard let target = try await self.target(of: slot, &routing) else { continue }
            switch await target.result(of: command, deadline: routing.isLate ? routing.deadline : nil) {
            case .success(.error(let text)):
                guard try await self.follow(text, from: target.node, &routing) else { return .error(text) }
            case .success(let reply):
                return reply
            case .failure(let error):
                guard try await self.recover(from: error, &routing) else { throw error }
            }
        }
    }

    /// Rejects all later commands, closes the connections to all nodes, and returns when the connections are closed.
    func shutdown() async {
        let (nodes, suspended, task) = self.table.withLock { table in
            defer { table.suspended = [:] }
            return (table.close(), table.suspended, table.refresh.task)
        }
        task?.cancel()
        for command in suspended.values { command.fulfill(with: ()) }
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

    /// Returns the next target of a command; `nil` if the caller must retry after a refresh of the slot map.
    private func target(
        of slot: HashSlot?,
        _ routing: inout ClusterRouting
    ) async throws(RedisError) -> ClusterTarget? {
        if let target = routing.next {
            routing.next = nil
            return target
        }
        let (node, isClosed) = self.table.withLock { ($0.node(for: slot), $0.isClosed) }
        if let node { return ClusterTarget(node: node, asking: false) }
        guard !isClosed else { throw .clientClosed }
        guard try await self.recover(from: .noNodeAnswered, &routing) else { throw .noNodeAnswered }
        return nil
    }

    /// Handles an error reply, and returns whether to resend the command.
    private func follow(
        _ text: String,
        from node: RedisNode,
        _ routing: inout ClusterRouting
    ) async throws(RedisError) -> Bool {
        let (endpoint, members) = self.table.withLock { ($0.endpoint(of: node), $0.map.endpoints) }
        switch ClusterErrorReply(text, from: endpoint, among: members) {
        case .moved(let slot, let endpoint):
            let isChanged = self.table.withLock { $0.move(slot, to: endpoint, make: self.makeNode) }
            if isChanged {
                self.requestRefresh()
            }
            return try await self.redirect(to: endpoint, asking: false, &routing)
        case .ask(let endpoint):
            return try await self.redirect(to: endpoint, asking: true, &routing)
        case .retry(let refreshes):
            if refreshes {
                self.requestRefresh()
            }
            routing.redirections = 0
            return try await self.suspend(&routing, until: routing.nextDelay())
        case .commandError:
            return false
        }
    }

    private func redirect(
        to endpoint: RedisConfiguration.Endpoint,
        asking: Bool,
        _ routing: inout ClusterRouting
    ) async throws(RedisError) -> Bool {
        guard routing.redirections < Self.maximumRedirections else { return false }
        routing.redirections += 1
        routing.isLate = true
        self.counters.didRedirect()
        guard let node = self.table.withLock({ $0.node(at: endpoint, make: self.makeNode) }) else { return false }
        // After several redirections, the client waits until the nodes agree on the slot.
        if routing.redirections > 3 {
            guard try await self.suspend(&routing, until: routing.nextDelay()) else { return false }
        }
        routing.next = ClusterTarget(node: node, asking: asking)
        return routing.hasTimeLeft
    }

    /// Refreshes the slot map after a failure, and returns whether to resend the command.
    private func recover(from error: RedisError, _ routing: inout ClusterRouting) async throws(RedisError) -> Bool {
        switch error.code {
        case .connectionFailed:
            let request = self.requestRefresh()
            // If no node is reachable, commands fail immediately, as with a single server.
            if let failure = request.failure { throw failure }
            let hasTimeLeft = try await self.suspend(
                &routing,
                until: routing.deadline,
                unlessAfter: request.completed
            )
            // If the client is closed, the shutdown may have caused the failure of the refresh.
            if let failure = self.table.withLock({ $0.isClosed ? .clientClosed : $0.refresh.failure }) { throw failure }
            return hasTimeLeft
        case .outcomeUnknown, .protocolViolation:
            self.requestRefresh()
            return false
        default:
            return false
        }
    }

    /// Suspends a command until a deadline or the end of the next refresh.
    ///
    /// - Parameters:
    ///   - routing: The state of the command.
    ///   - end: The deadline.
    ///   - completed: The number of completed refreshes when the command failed. If a further refresh has completed since then,
    ///     the method returns immediately.
    /// - Returns: `false` if the command timeout has ended; otherwise `true`.
    /// - Throws: ``RedisError/Code/cancelled`` if the task is cancelled.
    private func suspend(
        _ routing: inout ClusterRouting,
        until end: NIODeadline,
        unlessAfter completed: UInt64 = .max
    ) async throws(RedisError) -> Bool {
        routing.isLate = true
        guard routing.hasTimeLeft else { return false }
        let id = self.lastSuspension.wrappingAdd(1, ordering: .relaxed).newValue
        let command = Promise<Void>()
        let expiry = self.deadlines.schedule(at: end) { command.fulfill(with: ()) }
        let isSuspended = self.table.withLock { table in
            guard !table.isClosed, table.refresh.completed <= completed else { return false }
            table.suspended[id] = command
            return true
        }
        // No deadline fires after the event loop has ended.
        if !isSuspended || end <= .now() || self.deadlines.hasEnded { command.fulfill(with: ()) }
        if routing.isCancellable { await command.wait(ifCancelled: ()) } else { await command.wait() }
        self.deadlines.cancel(expiry)
        _ = self.table.withLock { $0.suspended.removeValue(forKey: id) }
        if routing.isCancellable, Task.isCancelled { throw .cancelled }
        return routing.hasTimeLeft
    }
}

extension RedisError {
    static var noNodeAnswered: Self {
        Self(code: .connectionFailed, message: "no node of the cluster is reachable")
    }
}
