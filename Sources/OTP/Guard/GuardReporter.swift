// SPDX-License-Identifier: Apache-2.0

import SendGuard

/// Delivers reports to the guard in the background, so that no call of the service waits for the guard's ledger.
///
/// The ledger (`SendLedger`) stores the guard's counts of messages and wrong codes. There are two kinds of reports:
///
/// - Outcomes of attempts are collected for a short time and merged, which saves writes to the ledger.
/// - A release removes an unsent message from the guard's counts. Releases are delivered without delay, because the guard could
///   otherwise refuse other messages.
///
/// If the ledger is slow, reports wait in a buffer, and reports that do not fit are lost. A failed delivery is not repeated,
/// because the ledger may already have counted the reports. If a success or a release is lost, the guard becomes stricter,
/// because it counts too many unverified messages. If a failed attempt is lost, the guard becomes less strict, because it
/// counts too few wrong codes.
final class GuardReporter: Sendable {
    private let outcomes: OutcomeTally
    private let releases: ReleaseQueue

    /// Creates a reporter without reports.
    ///
    /// - Parameters:
    ///   - sendGuard: The guard that receives the reports.
    ///   - metrics: The metrics that count lost reports.
    ///   - capacity: The maximum number of entries in each of the two buffers. One buffer contains releases. The other buffer
    ///     contains outcomes of attempts. Outcomes share an entry if they have the same tenant, purpose, region, source and
    ///     block of phone numbers. A source is an IPv4 address or an IPv6 /64 network. A block contains all numbers that differ
    ///     only in their last four digits.
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
