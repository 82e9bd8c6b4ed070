// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// Delivers reports to the guard in the background, so that a login never waits for the guard's ledger.
///
/// There are two kinds of reports:
///
/// - Outcomes of attempts are collected for a short time and merged, which saves writes to the ledger.
/// - Releases of unsent messages are delivered without delay, because other sends may need the capacity.
///
/// If the ledger is slow, reports wait in a buffer, and reports that do not fit are lost. A failed delivery is not repeated,
/// because the ledger may already have counted the reports. A lost success or release makes the guard stricter. A lost failed
/// attempt makes it less strict.
final class GuardReporter: Sendable {
    private let outcomes: OutcomeTally
    private let releases: ReleaseQueue

    /// Creates a reporter without reports.
    ///
    /// - Parameters:
    ///   - sendGuard: The guard that receives the reports.
    ///   - metrics: The metrics that count lost reports.
    ///   - capacity: The maximum number of entries in each of the two buffers. One buffer contains releases. The other buffer
    ///     contains outcomes, with one entry for each `OutcomeSubject`.
    init(_ sendGuard: SMSGuard, metrics: GuardMetrics, capacity: Int) {
        self.outcomes = OutcomeTally(sendGuard, metrics: metrics, capacity: capacity)
        self.releases = ReleaseQueue(sendGuard, metrics: metrics, capacity: capacity)
    }

    /// Adds the outcome of an attempt, or drops the outcome if the buffer is full.
    func add(_ kind: SendOutcome.Kind, of subject: OutcomeSubject) {
        self.outcomes.add(kind, of: subject)
    }

    /// Adds the release of a message that was definitely not sent, or drops the release if the buffer is full.
    func release(_ reservation: GuardReservation) {
        self.releases.add(reservation)
    }

    /// Waits until all reports that were added before the call are delivered or lost, or until the task is cancelled.
    func flush() async {
        await self.releases.flush()
        await self.outcomes.flush()
    }
}
