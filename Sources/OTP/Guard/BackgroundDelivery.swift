// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Synchronization

/// Delivers reports in a background task that exists only while there are reports.
///
/// Waiting reports are stored in a collection. Several reports can be merged into one entry of this collection, so that fewer
/// entries are delivered.
final class BackgroundDelivery<Reports: Collection & Sendable>: Sendable {
    /// The interval in which reports are collected, and the number of reports that ends the interval early.
    struct Pace: Sendable {
        var interval: Duration
        var mostReports: Int
    }

    /// A closure that delivers a batch of entries, and returns when all entries of the batch are delivered or lost.
    typealias Deliver = @Sendable (_ batch: ArraySlice<Reports.Element>) async -> Void

    private struct State {
        /// The reports that the task has not started to deliver.
        var waiting: Reports
        /// The number of reports in `waiting`.
        var count = 0
        /// The number of entries that the task is delivering.
        var taken = 0
        /// The number of reports that were ever added.
        ///
        /// `finished` counts the reports that were delivered or lost.
        var added = 0
        var finished = 0
        var isDelivering = false
        /// The promise that ends the current interval early; `nil` outside an interval.
        var alarm: Promise<Void>?
        var waiters: [(target: Int, promise: Promise<Void>)] = []
    }

    private enum Admission { case refused, first, joined(alarm: Promise<Void>?) }

    private let empty: Reports
    private let capacity: Int
    private let batchSize: Int
    private let pace: Pace?
    private let deliver: Deliver
    private let state: Mutex<State>

    /// Creates a delivery without reports.
    ///
    /// - Parameters:
    ///   - empty: The empty collection.
    ///   - capacity: The maximum number of entries that wait or are being delivered.
    ///   - batchSize: The maximum number of entries in a batch.
    ///   - pace: The interval in which reports are collected; `nil` to deliver each report as soon as possible.
    ///   - deliver: A closure that delivers a batch, and that is called for one batch at a time.
    init(_ empty: Reports, capacity: Int, batchSize: Int, pace: Pace? = nil, deliver: @escaping Deliver) {
        self.empty = empty
        self.capacity = capacity
        self.batchSize = batchSize
        self.pace = pace
        self.deliver = deliver
        self.state = Mutex(State(waiting: empty))
    }

    /// Adds a report.
    ///
    /// - Parameter merge: A closure that adds the report to the waiting reports, and returns whether the report was added. If
    ///   `hasRoom` is `false`, the closure may merge the report into an existing entry, but must not add an entry.
    /// - Returns: Whether the report was added.
    func add(_ merge: (_ waiting: inout Reports, _ hasRoom: Bool) -> Bool) -> Bool {
        let admission = self.state.withLock { state -> Admission in
            let hasRoom = state.waiting.count + state.taken < self.capacity
            guard merge(&state.waiting, hasRoom) else { return .refused }
            state.count += 1
            state.added += 1
            guard state.isDelivering else {
                state.isDelivering = true
                return .first
            }
            return .joined(alarm: state.count == self.pace?.mostReports ? state.alarm : nil)
        }
        switch admission {
        case .refused: return false
        case .joined(let alarm): alarm?.fulfill(with: ())
        // Detached, because a delivery contains the reports of many calls, and must not be part of the span of one call.
        case .first: Task.detached { await self.deliverAll() }
        }
        return true
    }

    /// Waits until all reports that were added before the call are delivered or lost, or until the task is cancelled.
    func flush() async {
        let (promise, alarm) = self.state.withLock { state -> (Promise<Void>?, Promise<Void>?) in
            guard state.finished < state.added else { return (nil, nil) }
            let promise = Promise<Void>()
            state.waiters.append((state.added, promise))
            return (promise, state.alarm)
        }
        alarm?.fulfill(with: ())
        await promise?.wait(ifCancelled: ())
    }

    private func deliverAll() async {
        while let alarm = self.nextInterval() {
            if let pace = self.pace { await alarm.wait(atMost: pace.interval, otherwise: ()) }
            let (reports, count) = self.take()
            var rest = Array(reports)[...]
            while !rest.isEmpty {
                let batch = rest.prefix(self.batchSize)
                await self.deliver(batch)
                self.state.withLock { $0.taken -= batch.count }
                rest = rest.dropFirst(self.batchSize)
            }
            self.finish(count)
        }
    }

    /// Begins an interval and returns the promise that ends the interval, or returns `nil` if there are no reports.
    ///
    /// If a caller of ``flush()`` is waiting, or if enough reports are waiting, the interval ends immediately.
    private func nextInterval() -> Promise<Void>? {
        self.state.withLock { state in
            guard state.count > 0 else {
                state.isDelivering = false
                return nil
            }
            let alarm = Promise<Void>()
            if !state.waiters.isEmpty || state.count >= self.pace?.mostReports ?? 0 { alarm.fulfill(with: ()) }
            state.alarm = alarm
            return alarm
        }
    }

    private func take() -> (reports: Reports, count: Int) {
        self.state.withLock { state in
            defer {
                state.waiting = self.empty
                state.count = 0
            }
            state.taken = state.waiting.count
            state.alarm = nil
            return (state.waiting, state.count)
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
