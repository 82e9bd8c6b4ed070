// SPDX-License-Identifier: Apache-2.0

/// A ledger that decides about several sends in one step.
package protocol BatchSendLedger: SendLedger {
    /// Counts sends that begin at the same time.
    ///
    /// For each of the two groups of scopes (``SendClaim``), the sends are decided one after the other, in their order. If only
    /// one of the two groups refuses a send, the ledger afterwards releases the send in the other group.
    ///
    /// - Parameter claims: The scopes and the ``SendFacts`` of each send.
    /// - Returns: The replies in the order of the sends.
    /// - Throws: An error if an outcome is unknown.
    func reserve(_ claims: [SendClaim]) async throws -> [LedgerReply]
}
