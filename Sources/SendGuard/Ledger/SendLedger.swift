// SPDX-License-Identifier: Apache-2.0

/// Stores the counters of all scopes, and decides about sends.
///
/// ``ScopeRecord`` specifies every decision, and `SendLedgerConformance` in the module `SendGuardTesting` checks a ledger against
/// it. Each call is one atomic step for each group of scopes (``SendClaim``), for any number of callers and processes. The ledger
/// uses its own clock, and everything that it stores must expire when it no longer matters.
///
/// A ledger throws only if its data is unreachable or the outcome is unknown. Then nothing may be sent.
public protocol SendLedger: Sendable {
    /// Counts a send in all its scopes, or nowhere.
    ///
    /// If one group of scopes refuses, the other group releases the send again. Until then, other sends may be refused, and never
    /// too many admitted.
    ///
    /// - Parameter claim: The scopes and the facts of the send.
    /// - Returns: The findings of the rules, and the time.
    /// - Throws: An error if the outcome is unknown.
    func reserve(_ claim: SendClaim) async throws -> LedgerReply

    /// Undoes the count of a message that was definitely rejected; call it at most once for a reservation.
    ///
    /// - Parameter reservation: The reservation.
    /// - Throws: An error if the outcome is unknown.
    func release(_ reservation: GuardReservation) async throws

    /// Records verified sends and failed attempts.
    ///
    /// The outcomes of one scope are one step: first all successes, then all failures.
    ///
    /// - Parameter outcomes: The outcomes, in any order.
    /// - Throws: An error if the outcome is unknown.
    func record(_ outcomes: [SendOutcome]) async throws

    /// Starts, moves or ends a lockdown; the next decision obeys.
    ///
    /// - Parameters:
    ///   - scope: The service or a region.
    ///   - duration: The seconds until the lockdown ends; 0 ends it now.
    /// - Throws: An error if the outcome is unknown.
    func lockDown(_ scope: ScopeClaim, for duration: Int) async throws

    /// Returns the records of the scopes of a claim as they were last written, the origin first; `nil` where there is no record.
    ///
    /// - Parameter claim: The scopes.
    /// - Returns: The records, in the order of the scopes.
    /// - Throws: An error if the ledger is unreachable.
    func records(of claim: SendClaim) async throws -> [ScopeRecord?]
}
