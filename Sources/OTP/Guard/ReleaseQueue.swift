// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// Delivers the releases of messages that were not sent, in batches, by one task that exists only while there are releases.
final class ReleaseQueue: Sendable {
    /// The maximum number of releases that are delivered concurrently.
    static let batchSize = 128

    private struct State {
        /// The releases that the task has not taken yet.
        var queue: [GuardReservation] = []
        var added = 0
        var finished = 0
        var isDelivering = false
        var waiters: [(target: Int, promise: Promise<Void>)] = []
    }

    private enum Admission { case full, queued, first }

    private let sendGuard: SMSGuard
    private let metrics: GuardMetrics
    private let capacity: Int
    private let state = Mutex(State())

    /// Creates an empty queue.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.sendGuard = sendGuard
        self.metrics = metrics
        self.capacity = capacity
    }

    /// Adds a release, or drops it if the queue is full.
    func add(_ reservation: GuardReservation) {
        let admission = self.state.withLock { state -> Admission in
            guard state.added - state.finished < self.capacity else { return .full }
            state.added += 1
            state.queue.append(reservation)
            guard !state.isDelivering else { return .queued }
            state.isDelivering = true
            return .first
        }
        switch admission {
        case .full: self.metrics.lost([("release", 1)], .full)
        case .queued: break
        // Detached, because a batch contains the releases of many calls, and belongs to no span of one of them.
        case .first: Task.detached { await self.deliverAll() }
        }
    }

    /// Waits until all releases that were added before the call are delivered or lost, or until the task is cancelled.
    func flush() async {
        let promise = self.state.withLock { state -> Promise<Void>? in
            guard state.finished < state.added else { return nil }
            let promise = Promise<Void>()
            state.waiters.append((state.added, promise))
            return promise
        }
        await promise?.wait(ifCancelled: ())
    }

    private func deliverAll() async {
        while let releases = self.take() {
            var rest = releases[...]
            while !rest.isEmpty {
                let batch = rest.prefix(Self.batchSize)
                rest = rest.dropFirst(Self.batchSize)
                await self.deliver(batch)
                self.finish(batch.count)
            }
        }
    }

    /// Returns all waiting releases, or `nil` if there are none.
    ///
    /// Without releases, the task ends.
    private func take() -> [GuardReservation]? {
        self.state.withLock { state in
            guard !state.queue.isEmpty else {
                state.isDelivering = false
                return nil
            }
            defer { state.queue = [] }
            return state.queue
        }
    }

    private func deliver(_ batch: ArraySlice<GuardReservation>) async {
        await withDiscardingTaskGroup { group in
            for reservation in batch {
                group.addTask {
                    do {
                        try await self.sendGuard.release(reservation)
                    } catch {
                        self.metrics.lost([("release", 1)], .failed, error)
                    }
                }
            }
        }
    }

    private func finish(_ count: Int) {
        let reached = self.state.withLock { state in
            state.finished += count
            let finished = state.finished
            defer { state.waiters.removeAll { $0.target <= finished } }
            return state.waiters.filter { $0.target <= finished }
        }
        for waiter in reached { waiter.promise.fulfill(with: ()) }
    }
}
