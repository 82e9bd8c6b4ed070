// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// Collects the outcomes of attempts for a short time, and delivers their sums to the guard.
///
/// There is one sum for each `OutcomeSubject`: a combination of tenant, purpose, region, source and block of phone numbers. A
/// source is an IPv4 address or an IPv6 /64 network. A block contains all numbers that differ only in their last four digits.
/// In an attack from one source on one block, most outcomes have the same subject. Therefore the guard's ledger needs few
/// writes, even if there are many attempts.
final class OutcomeTally: Sendable {
    /// The time for which outcomes are collected before each delivery to the guard.
    static let interval = Duration.milliseconds(100)

    /// The number of waiting outcomes at which the interval ends early.
    ///
    /// The guard limits failed attempts, but it counts a failed attempt only at the end of the interval. Without this maximum,
    /// attackers could make many more attempts during an interval than the guard allows.
    static let mostOutcomes = 4_000

    /// The maximum number of sums that are delivered in one call of the guard.
    static let batchSize = 512

    private typealias Sums = [OutcomeSubject: OutcomeCounts]

    private let metrics: GuardMetrics
    private let delivery: BackgroundDelivery<Sums>

    /// Creates an empty tally.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.metrics = metrics
        let pace = BackgroundDelivery<Sums>.Pace(interval: Self.interval, mostReports: Self.mostOutcomes)
        self.delivery = BackgroundDelivery([:], capacity: capacity, batchSize: Self.batchSize, pace: pace) { batch in
            await Self.deliver(batch, to: sendGuard, metrics)
        }
    }

    /// Adds an outcome to the sum of its subject.
    ///
    /// If the buffer is full and contains no sum for the subject, the outcome is dropped.
    func add(_ kind: SendOutcome.Kind, of subject: OutcomeSubject) {
        let isAdded = self.delivery.add { sums, hasRoom in
            guard hasRoom || sums[subject] != nil else { return false }
            sums[subject, default: OutcomeCounts()].add(kind)
            return true
        }
        if !isAdded { self.metrics.lost([(kind == .verified ? "verified" : "failed", 1)], .full) }
    }

    /// Waits until all outcomes that were added before the call are delivered or lost, or until the task is cancelled.
    func flush() async { await self.delivery.flush() }

    private static func deliver(
        _ batch: ArraySlice<Sums.Element>,
        to sendGuard: SMSGuard,
        _ metrics: GuardMetrics
    ) async {
        do {
            try await sendGuard.record(sendGuard.outcomes(of: batch))
        } catch {
            let lost = [
                ("verified", batch.reduce(0) { $0 + $1.value.verified }),
                ("failed", batch.reduce(0) { $0 + $1.value.failed }),
            ]
            metrics.lost(lost, .failed, error)
        }
    }
}
