// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// Delivers reports to the guard in the background, so that a login never waits for the guard's ledger.
///
/// There are two kinds of reports: outcomes of attempts, and releases of messages that were not sent. Releases are delivered
/// without delay, because other sends may need the released capacity. Outcomes are merged for a short time, so that a
/// verification costs the ledger almost nothing.
///
/// If the ledger is slow, reports wait in a buffer, and reports that do not fit are lost. A lost success or release makes the
/// guard stricter. The limits on failed attempts do not count a lost failed attempt. A failed delivery is not repeated,
/// because the ledger may already have counted the reports. A success that is counted twice would make the guard less strict.
final class GuardReporter: Sendable {
    private let outcomes: OutcomeTally
    private let releases: ReleaseQueue

    /// Creates a reporter without reports.
    ///
    /// - Parameters:
    ///   - sendGuard: The guard that receives the reports.
    ///   - metrics: The metrics that count lost reports.
    ///   - capacity: The maximum number of releases that wait or are being delivered. The same maximum applies to the number of
    ///     different `OutcomeSubject` values whose outcomes wait or are being delivered.
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
