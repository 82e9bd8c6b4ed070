// SPDX-License-Identifier: Apache-2.0

import Deadlines
import SendGuard
import Synchronization

/// Merges the outcomes of codes for a short time, and delivers the sums by one task that exists only while there are outcomes.
///
/// The key of a sum is an `OutcomeSubject`. The subjects of real verifications differ, but many of them share a tenant, a
/// purpose and a region. The record of such a shared scope is written once for all outcomes of a delivery. In an attack from
/// one source on one block of numbers, the outcomes usually have the same subject, so they are merged before any scope name is
/// hashed.
final class OutcomeTally: Sendable {
    /// The longest time from an outcome to its delivery, if the ledger is not slow.
    static let interval = Duration.milliseconds(100)

    /// The number of waiting outcomes at which the interval ends early.
    ///
    /// A breaker counts a failed attempt only after its delivery. If the interval did not end early, a breaker could miss many
    /// failed attempts during the interval.
    static let mostOutcomes = 4_000

    /// The maximum number of subjects in one delivery.
    static let batchSize = 512

    private typealias Sums = [OutcomeSubject: (verified: Int, failed: Int)]

    private struct State {
        /// The outcomes that the task has not taken yet.
        var waiting: Sums = [:]
        var outcomes = 0
        /// The number of subjects that the task has taken, but not finished.
        var taken = 0
        /// The number of outcomes that were added, including delivered and lost outcomes.
        var added = 0
        var finished = 0
        var isDelivering = false
        /// The promise that ends the current interval early; `nil` outside an interval.
        var alarm: Promise<Void>?
        var waiters: [(target: Int, promise: Promise<Void>)] = []
    }

    private enum Admission { case full, first, joined(alarm: Promise<Void>?) }

    private let sendGuard: SMSGuard
    private let metrics: GuardMetrics
    private let capacity: Int
    private let state = Mutex(State())

    /// Creates an empty tally.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.sendGuard = sendGuard
        self.metrics = metrics
        self.capacity = capacity
    }

    /// Adds an outcome, or drops it if there is no room for its subject.
    func add(_ kind: SendOutcome.Kind, of subject: OutcomeSubject) {
        let isVerified = kind == .verified
        let admission = self.state.withLock { state -> Admission in
            let hasRoom = state.waiting.count + state.taken < self.capacity
            guard hasRoom || state.waiting[subject] != nil else { return .full }
            if isVerified {
                state.waiting[subject, default: (0, 0)].verified += 1
            } else {
                state.waiting[subject, default: (0, 0)].failed += 1
            }
            state.outcomes += 1
            state.added += 1
            guard state.isDelivering else {
                state.isDelivering = true
                return .first
            }
            return .joined(alarm: state.outcomes == Self.mostOutcomes ? state.alarm : nil)
        }
        switch admission {
        case .full: self.metrics.lost([(isVerified ? "verified" : "failed", 1)], .full)
        case .joined(let alarm): alarm?.fulfill(with: ())
        // Detached, because a delivery contains the outcomes of many calls, and belongs to no span of one of them.
        case .first: Task.detached { await self.deliverAll() }
        }
    }

    /// Waits until all outcomes that were added before the call are delivered or lost, or until the task is cancelled.
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
            await alarm.wait(atMost: Self.interval, otherwise: ())
            let (sums, outcomes) = self.take()
            var rest = Array(sums)[...]
            while !rest.isEmpty {
                await self.deliver(rest.prefix(Self.batchSize))
                rest = rest.dropFirst(Self.batchSize)
            }
            self.finish(outcomes)
        }
    }

    /// Begins an interval, or returns `nil` if there are no outcomes.
    ///
    /// If a caller waits for the delivery, the interval ends immediately. Without outcomes, the task ends.
    private func nextInterval() -> Promise<Void>? {
        self.state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDelivering = false
                return nil
            }
            let alarm = Promise<Void>()
            if !state.waiters.isEmpty || state.outcomes >= Self.mostOutcomes { alarm.fulfill(with: ()) }
            state.alarm = alarm
            return alarm
        }
    }

    private func take() -> (sums: Sums, outcomes: Int) {
        self.state.withLock { state in
            defer {
                state.waiting = [:]
                state.outcomes = 0
            }
            state.taken = state.waiting.count
            state.alarm = nil
            return (state.waiting, state.outcomes)
        }
    }

    private func deliver(_ batch: ArraySlice<Sums.Element>) async {
        do {
            let outcomes = batch.flatMap { subject, sums in
                self.sendGuard.outcomes(of: subject, verified: sums.verified, failed: sums.failed)
            }
            try await self.sendGuard.record(outcomes)
        } catch {
            let lost = [
                ("verified", batch.reduce(0) { $0 + $1.value.verified }),
                ("failed", batch.reduce(0) { $0 + $1.value.failed }),
            ]
            self.metrics.lost(lost, .failed, error)
        }
        self.state.withLock { $0.taken -= batch.count }
    }

    private func finish(_ outcomes: Int) {
        let reached = self.state.withLock { state in
            state.finished += outcomes
            let finished = state.finished
            defer { state.waiters.removeAll { $0.target <= finished } }
            return state.waiters.filter { $0.target <= finished }
        }
        for waiter in reached { waiter.promise.fulfill(with: ()) }
    }
}
