// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// Delivers reports to the guard in the background, in batches.
///
/// A login never waits for the guard's ledger. One task delivers the reports, and it exists only while there are reports. If the
/// ledger is slow, reports collect up to a limit, and further reports are lost. A lost success or release makes the guard
/// stricter. A lost failed attempt is missing in the limits on failed attempts. A failed delivery is not repeated, because its
/// outcome is unknown, and a success that counts twice would make the guard looser.
final class GuardReporter: Sendable {
    /// The number of reports that one delivery contains.
    static let batchSize = 128

    private struct State {
        /// The reports that the task has not taken yet.
        var queue: [GuardReport] = []
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

    /// Creates a reporter without reports.
    ///
    /// - Parameters:
    ///   - sendGuard: The guard that receives the reports.
    ///   - metrics: The metrics that count lost reports.
    ///   - capacity: The largest number of reports that wait or are being delivered.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.sendGuard = sendGuard
        self.metrics = metrics
        self.capacity = capacity
    }

    /// Adds a report, or drops it if the buffer is full.
    func add(_ report: GuardReport) {
        let admission = self.state.withLock { state -> Admission in
            guard state.added - state.finished < self.capacity else { return .full }
            state.added += 1
            state.queue.append(report)
            guard !state.isDelivering else { return .queued }
            state.isDelivering = true
            return .first
        }
        switch admission {
        case .full: self.metrics.lost([report], .full)
        case .queued: break
        // Detached, because a batch contains the reports of many calls, and belongs to no span of one of them.
        case .first: Task.detached { await self.deliverAll() }
        }
    }

    /// Waits until all reports that were added before are delivered or lost, or until the task is cancelled.
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
        while let reports = self.take() {
            var rest = reports[...]
            while !rest.isEmpty {
                let batch = rest.prefix(Self.batchSize)
                rest = rest.dropFirst(Self.batchSize)
                await self.deliver(batch)
                self.finish(batch.count)
            }
        }
    }

    /// Returns all waiting reports; without any, the task ends.
    private func take() -> [GuardReport]? {
        self.state.withLock { state in
            guard !state.queue.isEmpty else {
                state.isDelivering = false
                return nil
            }
            defer { state.queue = [] }
            return state.queue
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

    private func deliver(_ batch: ArraySlice<GuardReport>) async {
        var outcomes: [GuardReport] = []
        var releases: [GuardReservation] = []
        for report in batch {
            switch report {
            case .outcome: outcomes.append(report)
            case .release(let reservation): releases.append(reservation)
            }
        }
        await withDiscardingTaskGroup { group in
            for reservation in releases {
                group.addTask {
                    await self.attempt([.release(reservation)]) { try await self.sendGuard.release(reservation) }
                }
            }
            guard !outcomes.isEmpty else { return }
            await self.attempt(outcomes) { try await self.sendGuard.record(outcomes.compactMap(self.outcome)) }
        }
    }

    private func outcome(_ report: GuardReport) -> SendOutcome? {
        guard case .outcome(let kind, let request) = report else { return nil }
        return self.sendGuard.outcome(kind, of: request)
    }

    private func attempt(_ reports: [GuardReport], _ body: () async throws -> Void) async {
        do {
            try await body()
        } catch {
            self.metrics.lost(reports, .failed, error)
        }
    }
}
