// SPDX-License-Identifier: Apache-2.0

/// Stores the counts of all scopes (``GuardScope``), and decides whether a message may be sent.
///
/// Every ledger must make the same decisions as the methods of ``ScopeRecord``. To test a ledger, use `SendLedgerConformance`
/// from the module `SendGuardTesting`. Many processes can share a ledger. In each call, the ledger must process each group of
/// scopes in a ``SendClaim`` in one atomic step. A ledger uses its own clock. Data that no longer affects decisions must
/// expire.
///
/// If ``reserve(_:)`` throws an error, the message must not be sent.
public protocol SendLedger: ReportLedger, ResponseLedger {
    /// Counts a send in all scopes of its claim, unless a scope refuses the send.
    ///
    /// A claim has two groups of scopes: ``SendClaim/origin`` and ``SendClaim/shared``. If only one group refuses the send, the
    /// ledger then undoes the count in the other group. In the meantime, the other group may refuse further sends because of
    /// this count.
    ///
    /// - Parameter claim: The scopes and the ``SendFacts`` of the send.
    /// - Returns: The findings of the rules, and the ledger's time.
    /// - Throws: An error if it is unknown whether the send was counted.
    func reserve(_ claim: SendClaim) async throws -> LedgerReply

    /// Undoes the count of a message that was definitely rejected.
    ///
    /// - Parameter reservation: The reservation, which may be released only once.
    /// - Throws: An error if it is unknown whether the send was released.
    func release(_ reservation: GuardReservation) async throws

    /// Records verified sends and failed attempts.
    ///
    /// All outcomes of a scope are recorded in one step. Verified sends are recorded before failed attempts.
    ///
    /// - Parameter outcomes: The outcomes, in any order.
    /// - Throws: An error if it is unknown whether the outcomes were recorded.
    func record(_ outcomes: [SendOutcome]) async throws

    /// Starts, changes or ends a lockdown (``GuardMeasure/lockdown``) for all later decisions.
    ///
    /// - Parameters:
    ///   - scope: The service or a region.
    ///   - duration: The number of seconds until the lockdown ends; 0 to end it now.
    /// - Throws: An error if it is unknown whether the lockdown was changed.
    func lockDown(_ scope: ScopeClaim, for duration: Int) async throws

    /// Returns the stored records of a claim's scopes.
    ///
    /// Each record is returned as the ledger stored it at the last change. The leaky buckets of the record, which count
    /// unverified sends and failed attempts, have not been drained since then. The records of ``SendClaim/origin`` come first.
    ///
    /// - Parameter claim: The scopes.
    /// - Returns: The records in the order of the scopes; `nil` for a scope without a record.
    /// - Throws: An error if the ledger is unreachable.
    func records(of claim: SendClaim) async throws -> [ScopeRecord?]

    /// Sets the run-time mode of a rule.
    ///
    /// The change increases the version of the modes. A claim contains the version that its caller has applied
    /// (``SendClaim/modesVersion``). If the two versions differ, the reply of ``reserve(_:)`` contains all modes.
    ///
    /// - Parameters:
    ///   - mode: The mode; `nil` to remove the run-time mode. Each process then uses the mode of its policy.
    ///   - rule: The rule.
    /// - Returns: All modes after the change.
    /// - Throws: An error if it is unknown whether the mode was set.
    func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes

    /// Returns the run-time modes, and the ledger's time.
    ///
    /// - Returns: The modes and the time.
    /// - Throws: An error if the ledger is unreachable.
    func modes() async throws -> (modes: GuardModes, time: LedgerTime)
}
