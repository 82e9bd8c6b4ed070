import NIOCore
import Synchronization

/// Asks sentinels which server is the primary.
///
/// While there are connections to a primary it also asks them each second, all of them, and has a connection ended once
/// those with the newest configuration name another server: a primary that was cut off from its sentinels, but not from
/// us, would otherwise take commands that are lost when it comes back as a replica.
final class SentinelLocator: Sendable {
    typealias Answer = Result<RedisConfiguration.Endpoint, RedisError>

    fileprivate struct Watch {
        /// Tells it from an earlier one of the same connection.
        var number: Int
        var endpoint: RedisConfiguration.Endpoint
        var drop: @Sendable () -> Void
    }

    fileprivate struct State {
        /// In the order in which they are asked; the one that knew the answer last is the first.
        var sentinels: [RedisNode]
        /// The last answer to a connection.
        var named: RedisConfiguration.Endpoint?
        var question: Task<Answer, Never>?
        var watches: [ObjectIdentifier: Watch] = [:]
        var lastNumber = 0
        var watching: Task<Void, Never>?
        var isClosed = false
    }

    private let primaryName: String
    private let state: Mutex<State>

    /// The time between two questions while something is connected.
    private static let interval = Duration.seconds(1)

    /// Creates the connections to the sentinels; nothing is connected yet.
    init(
        configuration: RedisConfiguration,
        sentinel: RedisConfiguration.Sentinel,
        eventLoopGroup: any EventLoopGroup
    ) {
        var own = configuration
        own.username = sentinel.username
        own.password = sentinel.password
        own.database = 0
        own.minimumReplicas = 0
        // All may be silent but the last, and then the server itself has to be connected to.
        own.connectTimeout = configuration.connectTimeout / (sentinel.sentinels.count + 1)
        own.commandTimeout = own.connectTimeout
        let loop = eventLoopGroup.next()
        // The counters of the client are about servers.
        let counters = RedisMetrics()
        self.primaryName = sentinel.primaryName
        self.state = Mutex(
            State(
                sentinels: sentinel.sentinels.map { [own] in
                    RedisNode(configuration: own, endpoint: $0, eventLoopGroup: loop, counters: counters)
                }
            )
        )
    }

    /// Asks one sentinel after the other until one knows the address of the primary.
    ///
    /// Callers that come while a question is under way share its answer.
    func answer() async -> Answer {
        let question = self.state.withLock { state in
            if let question = state.question { return question }
            let question = Task { await self.askInTurn() }
            state.question = question
            return question
        }
        return await question.value
    }

    private func askInTurn() async -> Answer {
        defer { self.state.withLock { $0.question = nil } }
        var failures: [RedisError] = []
        for sentinel in self.state.withLock({ $0.sentinels }) {
            switch await self.ask(sentinel) {
            case .success(let endpoint):
                self.state.withLock { state in
                    state.moveToFront { $0 === sentinel }
                    state.named = endpoint
                }
                return .success(endpoint)
            case .failure(let error) where error.code == .clientClosed:
                return .failure(error)
            case .failure(let error):
                failures.append(error)
            }
        }
        // One that answers, even with a refusal, says more than those that cannot be reached.
        let telling =
            failures.first { $0.code == .authenticationFailed }
            ?? failures.first { $0.cause == nil } ?? failures.last ?? .clientClosed
        return .failure(telling)
    }

    /// Has another sentinel asked first next time, because the server that this one named was of no use.
    func didFail(at endpoint: RedisConfiguration.Endpoint) {
        self.state.withLock { state in
            // Of several connections that failed, the first one counts.
            guard state.named == endpoint, let first = state.sentinels.first else { return }
            state.named = nil
            state.moveToFront { $0 !== first }
        }
    }

    private func ask(_ sentinel: RedisNode) async -> Answer {
        do throws(RedisError) {
            let reply = try await sentinel.perform(self.command("GET-MASTER-ADDR-BY-NAME"))
            return .success(try Self.endpoint(in: reply))
        } catch {
            // No command of a caller was written yet, so none has an unknown outcome.
            guard ![.authenticationFailed, .clientClosed, .invalidConfiguration].contains(error.code) else {
                return .failure(error)
            }
            let message = error.cause == nil ? error.message : "No sentinel can be reached. \(error.message)"
            return .failure(RedisError(code: .connectionFailed, message: message, cause: error.cause ?? error))
        }
    }

    private func command(_ name: RedisArgument) -> RedisCommand {
        RedisCommand(name: "SENTINEL", arguments: [name, .text(self.primaryName)])
    }

    /// Reads the address in the answer of a sentinel.
    static func endpoint(in reply: RedisReply) throws(RedisError) -> RedisConfiguration.Endpoint {
        switch reply {
        case .null:
            throw RedisError(code: .connectionFailed, message: "The sentinels know no primary by this name.")
        case .error(let text):
            let kind = RedisError.kind(of: text)
            throw RedisError(
                code: kind == "NOAUTH" || kind == "NOPERM" ? .authenticationFailed : .connectionFailed,
                message: "The sentinel refused to name the primary with \(kind).",
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
            throw RedisError(code: .connectionFailed, message: "The sentinel's answer is not an address.")
        }
    }

    // MARK: While connected

    /// Has a connection watched until ``unwatch(_:)``: `drop` is called when its server is no longer the primary.
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

    /// Ends the watch of a connection; the last one takes the questions with it.
    func unwatch(_ connection: ObjectIdentifier) {
        self.state.withLock { state in
            guard state.watches.removeValue(forKey: connection) != nil, state.watches.isEmpty else { return }
            state.watching?.cancel()
            state.watching = nil
        }
    }

    private func keepWatching() async {
        while (try? await Task.sleep(for: Self.interval)) != nil {
            let lastNumber = self.state.withLock { $0.lastNumber }
            let answers = await self.askAll()
            let dropped = self.state.withLock { state in
                state.watches.values.filter { watch in
                    // The answers may be older than a connection that was made meanwhile.
                    guard watch.number <= lastNumber, let other = answers.successor(of: watch.endpoint) else {
                        return false
                    }
                    state.moveToFront { sentinel in other.contains { $0 === sentinel } }
                    return true
                }
            }
            for watch in dropped { watch.drop() }
        }
    }

    private func askAll() async -> SentinelReplies {
        await withTaskGroup(of: SentinelReplies.Answer?.self) { group in
            for sentinel in self.state.withLock({ $0.sentinels }) {
                group.addTask {
                    // An address that is newer than its epoch does no harm, as the reverse would.
                    let fields = try? await sentinel.perform(self.command("MASTER"))
                    guard case .success(let endpoint) = await self.ask(sentinel) else { return nil }
                    let epoch = fields.flatMap(SentinelReplies.epoch) ?? 0
                    return SentinelReplies.Answer(sentinel: sentinel, endpoint: endpoint, epoch: epoch)
                }
            }
            return SentinelReplies(await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] })
        }
    }

    // MARK: The end

    /// Refuses every later question, and closes the connections without waiting for them.
    func close() {
        for sentinel in self.end() { sentinel.close() }
    }

    /// Closes the connections and waits until they are gone.
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
