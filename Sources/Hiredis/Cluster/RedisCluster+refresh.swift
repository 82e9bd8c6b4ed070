import Deadlines
import NIOCore
import Synchronization

extension RedisCluster {
    private typealias Member = (endpoint: RedisConfiguration.Endpoint, node: RedisNode)

    /// What can happen while nodes are asked for the map.
    private enum Event {
        case map(SlotMap)
        case failure(RedisError)
        case slow
    }

    /// How long a node may take before the next one is asked too.
    private static let patience = Duration.milliseconds(100)

    /// Has the map asked for soon, if it is not being asked for already.
    ///
    /// - Returns: How many attempts have ended by now, and why there is no map, if the last one found none and the
    ///   client rests before the next.
    @discardableResult
    func requestRefresh() -> (attempts: UInt64, failure: RedisError?) {
        self.table.withLock { table in
            guard !table.isClosed else { return (0, .clientClosed) }
            let rest = table.refresh.rest(at: .now())
            if table.refresh.task == nil {
                table.refresh.task = Task { [weak self] in
                    // A client that goes away is not held by its rest.
                    try? await Task.sleep(for: rest)
                    await self?.refresh()
                }
            }
            return (table.refresh.attempts, rest > .zero ? table.refresh.failure : nil)
        }
    }

    private func refresh() async {
        var isNews = false
        var failure: RedisError?
        let candidates = self.candidates()
        do throws(RedisError) {
            let map = try await self.askForMap(candidates)
            let dropped: [RedisNode]
            (dropped, isNews) = self.table.withLock {
                $0.install(map, connected: candidates, make: self.makeNode)
            }
            withExtendedLifetime(dropped) {}
        } catch {
            failure = error
        }
        let (sleepers, isClosed) = self.table.withLock { table in
            table.refresh.end(isNews: isNews, failure: failure, at: .now())
            defer { table.sleepers = [:] }
            return (table.sleepers, table.isClosed)
        }
        for sleeper in sleepers.values { sleeper.fulfill(with: ()) }
        // Otherwise a node that is not needed closes when it is let go of; a shutdown waits for it.
        if isClosed {
            for candidate in candidates { await candidate.node.shutdown() }
        }
    }

    /// Whom to ask: the nodes of the present map in any order, so that no node is asked by all clients, then the seeds.
    private func candidates() -> [Member] {
        guard !Task.isCancelled else { return [] }
        let members = self.table.withLock { $0.members }.shuffled()
        let known = Set(members.map(\.endpoint))
        return members + self.seeds.filter { !known.contains($0) }.map { ($0, self.makeNode($0)) }
    }

    /// Asks one node after the other until one has answered; one that is slow is not waited for before the next is
    /// asked.
    private func askForMap(_ candidates: [Member]) async throws(RedisError) -> SlotMap {
        let result = await withTaskGroup(of: Event.self) { group -> Result<SlotMap, RedisError> in
            var rest = candidates[...]
            var asked = 0
            var failure = RedisError.noNodeAnswered
            func askNext() {
                guard let candidate = rest.popFirst() else { return }
                asked += 1
                group.addTask { await self.ask(candidate) }
                group.addTask {
                    try? await Task.sleep(for: Self.patience)
                    return .slow
                }
            }
            askNext()
            while asked > 0, let event = await group.next() {
                switch event {
                case .map(let map):
                    group.cancelAll()
                    return .success(map)
                case .failure(let error):
                    asked -= 1
                    failure = RedisError.noNodeAnswered(error)
                    askNext()
                case .slow:
                    askNext()
                }
            }
            group.cancelAll()
            return .failure(failure)
        }
        return try result.get()
    }

    private func ask(_ candidate: Member) async -> Event {
        self.counters.willRequestSlotMap()
        do throws(RedisError) {
            let reply = try await candidate.node.perform(RedisCommand(name: "CLUSTER", arguments: ["SLOTS"]))
            if case .error(let text) = reply { throw RedisError(serverText: text) }
            return .map(try SlotMap(reply, from: candidate.endpoint))
        } catch {
            return .failure(error)
        }
    }
}

extension RedisError {
    /// Why no node has told the map, by the last one that was asked.
    fileprivate static func noNodeAnswered(_ error: RedisError) -> Self {
        // A wrong password or a server that is no cluster is nothing that waiting mends.
        let code: Code = error.code == .authenticationFailed ? .authenticationFailed : .connectionFailed
        return Self(
            code: code,
            message: "No node of the cluster has told its map of slots.",
            serverErrorKind: error.serverErrorKind,
            cause: error
        )
    }
}
