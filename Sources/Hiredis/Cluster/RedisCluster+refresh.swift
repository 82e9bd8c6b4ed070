// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore
import Synchronization

extension RedisCluster {
    private typealias Member = (endpoint: RedisConfiguration.Endpoint, node: RedisNode)

    /// An event during a refresh.
    private enum Event {
        case map(SlotMap)
        case failure(RedisError)
        case slow
    }

    /// If a node has not replied after this time, the client also queries another node.
    private static let patience = Duration.milliseconds(100)

    /// Schedules a refresh of the slot map, unless a refresh is already scheduled or running.
    ///
    /// - Returns: The number of completed refreshes, and any error of the last refresh. If a new refresh starts immediately,
    ///   the result contains no error.
    @discardableResult
    func requestRefresh() -> (completed: UInt64, failure: RedisError?) {
        self.table.withLock { table in
            guard !table.isClosed else { return (0, .clientClosed) }
            let delay = table.refresh.delay(at: .now())
            if table.refresh.task == nil {
                table.refresh.task = Task { [weak self] in
                    // The task does not retain the client during the delay.
                    try? await Task.sleep(for: delay)
                    await self?.refresh()
                }
            }
            return (table.refresh.completed, delay > .zero ? table.refresh.failure : nil)
        }
    }

    private func refresh() async {
        var isChanged = false
        var failure: RedisError?
        let candidates = self.candidates()
        do throws(RedisError) {
            let map = try await self.fetchMap(candidates)
            let change = self.table.withLock {
                $0.install(map, connected: candidates, make: self.makeNode)
            }
            isChanged = change.isChanged
            if let primaries = change.newPrimaries {
                self.counters.primariesChanged(to: primaries.map(\.description))
            }
            withExtendedLifetime(change.dropped) {}
        } catch {
            failure = error
        }
        let (suspended, isClosed) = self.table.withLock { table in
            table.refresh.end(isChanged: isChanged, failure: failure, at: .now())
            defer { table.suspended = [:] }
            return (table.suspended, table.isClosed)
        }
        for command in suspended.values { command.fulfill(with: ()) }
        // The shutdown of a closed client waits for this task, so the task shuts down the queried nodes.
        if isClosed {
            for candidate in candidates { await candidate.node.shutdown() }
        }
    }

    /// Returns the nodes to query: first the nodes of the slot map, and then the seed nodes.
    ///
    /// The nodes of the slot map are shuffled, so that many clients distribute their queries evenly.
    private func candidates() -> [Member] {
        guard !Task.isCancelled else { return [] }
        let members = self.table.withLock { $0.members }.shuffled()
        let known = Set(members.map(\.endpoint))
        return members + self.seeds.filter { !known.contains($0) }.map { ($0, self.makeNode($0)) }
    }

    /// Queries the nodes in turn until one of them returns a slot map.
    ///
    /// If a node does not reply quickly, the next node is also queried.
    private func fetchMap(_ candidates: [Member]) async throws(RedisError) -> SlotMap {
        let result = await withTaskGroup(of: Event.self) { group -> Result<SlotMap, RedisError> in
            var rest = candidates[...]
            var pending = 0
            var failure = RedisError.noNodeAnswered
            func queryNext() {
                guard let candidate = rest.popFirst() else { return }
                pending += 1
                group.addTask { await self.query(candidate) }
                group.addTask {
                    try? await Task.sleep(for: Self.patience)
                    return .slow
                }
            }
            queryNext()
            while pending > 0, let event = await group.next() {
                switch event {
                case .map(let map):
                    group.cancelAll()
                    return .success(map)
                case .failure(let error):
                    pending -= 1
                    failure = RedisError.noNodeAnswered(error)
                    queryNext()
                case .slow:
                    queryNext()
                }
            }
            group.cancelAll()
            return .failure(failure)
        }
        return try result.get()
    }

    private func query(_ candidate: Member) async -> Event {
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
    /// Creates the error of a failed refresh, with the error of the last queried node as its cause.
    fileprivate static func noNodeAnswered(_ error: RedisError) -> Self {
        // The code `authenticationFailed` is kept, because a retry does not help if the password is wrong.
        let code: Code = error.code == .authenticationFailed ? .authenticationFailed : .connectionFailed
        return Self(
            code: code,
            message: "no node of the cluster returned a slot map",
            serverErrorKind: error.serverErrorKind,
            cause: error
        )
    }
}
