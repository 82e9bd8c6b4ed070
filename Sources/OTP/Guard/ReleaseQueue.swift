// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// Delivers releases to the guard, in batches.
///
/// If a message was definitely not sent, a release removes the message from the guard's counts.
final class ReleaseQueue: Sendable {
    /// The maximum number of releases that are delivered concurrently.
    static let batchSize = 128

    private let metrics: GuardMetrics
    private let delivery: BackgroundDelivery<[GuardReservation]>

    /// Creates an empty queue.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.metrics = metrics
        self.delivery = BackgroundDelivery([], capacity: capacity, batchSize: Self.batchSize) { batch in
            await Self.deliver(batch, to: sendGuard, metrics)
        }
    }

    /// Adds a release, or drops the release if the queue is full.
    func add(_ reservation: GuardReservation) {
        let isAdded = self.delivery.add { queue, hasRoom in
            if hasRoom { queue.append(reservation) }
            return hasRoom
        }
        if !isAdded { self.metrics.lost([("release", 1)], .full) }
    }

    /// Waits until all releases that were added before the call are delivered or lost, or until the task is cancelled.
    func flush() async { await self.delivery.flush() }

    private static func deliver(
        _ batch: ArraySlice<GuardReservation>,
        to sendGuard: SMSGuard,
        _ metrics: GuardMetrics
    ) async {
        await withDiscardingTaskGroup { group in
            for reservation in batch {
                group.addTask {
                    do {
                        try await sendGuard.release(reservation)
                    } catch {
                        metrics.lost([("release", 1)], .failed, error)
                    }
                }
            }
        }
    }
}
