// SPDX-License-Identifier: Apache-2.0

/// The part of a ledger that stores daily reports (``ReportDay``).
///
/// Every ``SendLedger`` is also a `ReportLedger`.
public protocol ReportLedger: Sendable {
    /// Adds counts to the report of the ledger's current day.
    ///
    /// - Parameter counts: The counts, keyed by event.
    /// - Throws: An error if it is unknown whether the counts were added.
    func add(_ counts: [ReportedEvent: Int]) async throws

    /// Returns the report of a day.
    ///
    /// - Parameter day: The day, as the number of days since 1970 in UTC.
    /// - Returns: The counts, which are empty if the day ended at least 32 days ago.
    /// - Throws: An error if the ledger is unreachable.
    func report(ofDay day: Int) async throws -> ReportDay
}
