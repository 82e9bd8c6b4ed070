// SPDX-License-Identifier: Apache-2.0

import Metrics
import NIOCore
import Synchronization

/// Finds the primary by querying the sentinels.
///
/// While connections to a primary exist, the locator queries all sentinels every second. If the sentinels with the newest
/// configuration report another server, the locator closes the connections to the old primary. Without this measure, the client
/// could still write to the old primary. The old primary loses such writes when it becomes a replica.
final class SentinelLocator: Sendable {
    typealias Location = Result<RedisConfiguration.Endpoint, RedisError>

    /// A connection that is closed if its server is no longer the primary.
    fileprivate struct Watch {
        /// The sequence number of the watch.
        ///
        /// A query closes only connections whose watches began before the query. For a newer watch, the replies of the
        /// sentinels may be outdated.
        var number: Int
        var endpoint: RedisConfiguration.Endpoint
        var drop: @Sendable () -> Void
    }

    fileprivate struct State {
        /// The sentinels, in the order in which they are queried.
        ///
        /// The sentinel that sent the last usable reply is first.
        var sentinels: [RedisNode]
        /// The primary in the last usable reply; `nil` after a failed connection attempt to this primary.
        var named: RedisConfiguration.Endpoint?
        /// The primary in the last usable reply, even after a failed connection attempt to this primary.
        var lastPrimary: RedisConfiguration.Endpoint?
        var query: Task<Location, Never>?
        var watches: [ObjectIdentifier: Watch] = [:]
        var lastNumber = 0
        var watching: Task<Void, Never>?
        var isClosed = false
    }

    /// The name of the primary in the configuration of the sentinels.
    let primaryName: String
    private let counters: RedisMetrics
    private let clock: any Clock<Duration>
    private let state: Mutex<State>

    /// The interval between queries while connections to a primary exist.
    static let interval = Duration.seconds(1)

    /// Creates a locator, without connecting to the sentinels.
    init(
        configuration: RedisConfiguration,
        sentinel: RedisConfiguration.Sentinel,
        eventLoopGroup: any EventLoopGroup,
        counters: RedisMetrics,
        metricsFactory: any MetricsFactory = MetricsSystem.factory,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        var own = configuration
        own.username = sentinel.username
        own.password = sentinel.password
        own.database = 0
        own.minimumReplicas = 0
        // Even if only the last sentinel replies, enough time must remain for the connection to the primary.
        own.connectTimeout = configuration.connectTimeout / (sentinel.sentinels.count + 1)
        own.commandTimeout = own.connectTimeout
        let loop = eventLoopGroup.next()
        // The client's counters do not include connections to sentinels.
        let metrics = RedisMetrics(peer: .sentinel, logger: counters.logger, factory: metricsFactory)
        self.counters = counters
        self.clock = clock
        self.primaryName = sentinel.primaryName
        self.state = Mutex(
            State(
                sentinels: sentinel.sentinels.map { [own] in
                    RedisNode(configuration: own, endpoint: $0, eventLoopGroup: loop, counters: metrics)
                }
            )
        )
    }

    /// Queries the sentinels in turn until one of them returns the address of the primary.
    ///
    /// Concurrent callers share one query.
    func primary() async -> Location {
        let query = self.state.withLock { state in
            if let query = state.query { return query }
            let query = Task { await self.queryInTurn() }
            state.query = query
            return query
        }
        return await query.value
    }

    private func queryInTurn() async -> Location {
        defer { self.state.withLock { $0.query = nil } }
        var failures: [RedisError] = []
        for sentinel in self.state.withLock({ $0.sentinels }) {
            switch await self.query(sentinel) {
            case .success(let endpoint):
                self.didFind(endpoint, through: sentinel)
                return .success(endpoint)
            case .failure(let error) where error.code == .clientClosed:
                return .failure(error)
            case .failure(let error):
                failures.append(error)
            }
        }
        // An error reply explains more than an unreachable sentinel.
        let mostInformative =
            failures.first { $0.code == .authenticationFailed }
            ?? failures.first { $0.cause == nil } ?? failures.last ?? .clientClosed
        return .failure(mostInformative)
    }

    private func didFind(_ endpoint: RedisConfiguration.Endpoint, through sentinel: RedisNode) {
        let previous = self.state.withLock { state in
            state.moveToFront { $0 === sentinel }
            state.named = endpoint
            defer { state.lastPrimary = endpoint }
            return state.lastPrimary
        }
        if let previous, previous != endpoint {
            self.counters.primaryChanged(from: previous.description, to: endpoint.description)
        }
    }

    /// Moves the sentinel that reported an unusable server to the end of the query order.
    func didFail(at endpoint: RedisConfiguration.Endpoint) {
        self.state.withLock { state in
            // If several connections to the same server fail, only the first failure counts.
            guard state.named == endpoint, let first = state.sentinels.first else { return }
            state.named = nil
            state.moveToFront { $0 !== first }
        }
    }

    private func query(_ sentinel: RedisNode) async -> Location {
        do throws(RedisError) {
            let reply = try await sentinel.perform(self.command("GET-MASTER-ADDR-BY-NAME"))
            return .success(try self.endpoint(in: reply))
        } catch {
            // The code is never `outcomeUnknown`, because no command of a caller was written.
            guard ![.authenticationFailed, .clientClosed, .invalidConfiguration].contains(error.code) else {
                return .failure(error)
            }
            let message = error.cause == nil ? error.message : "no sentinel is reachable: \(error.message)"
            return .failure(RedisError(code: .connectionFailed, message: message, cause: error.cause ?? error))
        }
    }

    private func command(_ name: RedisArgument) -> RedisCommand {
        RedisCommand(name: "SENTINEL", arguments: [name, .text(self.primaryName)])
    }

    /// Parses the address in a sentinel's reply.
    private func endpoint(in reply: RedisReply) throws(RedisError) -> RedisConfiguration.Endpoint {
        switch reply {
        case .null:
            throw RedisError(
                code: .connectionFailed,
                message: "the sentinels monitor no primary named \(self.primaryName): check the name"
            )
        case .error(let text):
            let kind = RedisError.kind(of: text)
            throw RedisError(
                code: kind == "NOAUTH" || kind == "NOPERM" ? .authenticationFailed : .connectionFailed,
                message: "a sentinel rejected the query for \(self.primaryName) with \(kind)",
                serverErrorKind: kind
            )
        case .array(let parts):
            guard parts.count == 2, case .bulk(let host) = parts[0], case .bulk(let digits) = parts[1],
                (1...255).contains(host.count), !host.contains(0), digits.count <= 5,
                let host = String(validating: host, as: UTF8.self),
                let port = Int(String(decoding: digits, as: UTF8.self)), (1...65535).contains(port)
            else { fallthrough }
            return .tcp(host: host, port: port)
        default:
            let message = "the reply of a sentinel about \(self.primaryName) is not an address"
            throw RedisError(code: .connectionFailed, message: message)
        }
    }

    // MARK: Watching the primary

    /// Watches the server of a connection, and calls `drop` if the server is no longer the primary.
    ///
    /// The watch ends when ``unwatch(_:)`` is called.
    func watch(
        _ connection: ObjectIdentifier,
        to endpoint: RedisConfiguration.Endpoint,
        drop: @escaping @Sendable () -> Void
    ) {
        self.state.withLock { state in
            guard !state.isClosed else { return }
            state.lastNumber += 1
            state.watches[connection] = Watch(number: state.lastNumber, endpoint: endpoint, drop: drop)
            if state.watching == nil {
                state.watching = Task { await self.keepWatching() }
            }
        }
    }

    /// Ends the watch of a connection.
    ///
    /// When no watch remains, the sentinels are no longer queried.
    func unwatch(_ connection: ObjectIdentifier) {
        self.state.withLock { state in
            guard state.watches.removeValue(forKey: connection) != nil, state.watches.isEmpty else { return }
            state.watching?.cancel()
            state.watching = nil
        }
    }

    private func keepWatching() async {
        while (try? await self.clock.sleep(for: Self.interval)) != nil {
            let lastNumber = self.state.withLock { $0.lastNumber }
            let replies = await self.queryAll()
            let dropped = self.state.withLock { state in
                state.watches.values.filter { watch in
                    // Connections that were opened during the queries are ignored, because the replies may be older.
                    guard watch.number <= lastNumber, let other = replies.successor(of: watch.endpoint) else {
                        return false
                    }
                    state.moveToFront { sentinel in other.contains { $0 === sentinel } }
                    return true
                }
            }
            for watch in dropped { watch.drop() }
        }
    }

    private func queryAll() async -> SentinelReplies {
        await withTaskGroup(of: SentinelReplies.Reply?.self) { group in
            for sentinel in self.state.withLock({ $0.sentinels }) {
                group.addTask {
                    // The epoch is queried before the address, because the address must not be older than the epoch.
                    let fields = try? await sentinel.perform(self.command("MASTER"))
                    guard case .success(let endpoint) = await self.query(sentinel) else { return nil }
                    let epoch = fields.flatMap(SentinelReplies.epoch) ?? 0
                    return SentinelReplies.Reply(sentinel: sentinel, endpoint: endpoint, epoch: epoch)
                }
            }
            return SentinelReplies(await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] })
        }
    }

    // MARK: Shutdown

    /// Rejects all later queries, and starts to close the connections to the sentinels.
    func close() {
        for sentinel in self.end() { sentinel.close() }
    }

    /// Closes the connections to the sentinels, and returns when they are closed.
    func shutdown() async {
        for sentinel in self.end() { await sentinel.shutdown() }
    }

    private func end() -> [RedisNode] {
        self.state.withLock { state in
            state.isClosed = true
            state.watches = [:]
            state.watching?.cancel()
            state.watching = nil
            return state.sentinels
        }
    }
}

extension SentinelLocator.State {
    fileprivate mutating func moveToFront(_ isFirst: (RedisNode) -> Bool) {
        self.sentinels = self.sentinels.filter(isFirst) + self.sentinels.filter { !isFirst($0) }
    }
}
