// SPDX-License-Identifier: Apache-2.0

/// A ``SendLedger`` that can process several sends in one call.
package protocol BatchSendLedger: SendLedger {
    /// Counts several sends in one call.
    ///
    /// A ``SendClaim`` has two groups of scopes. In each group, the ledger processes the sends in the order of `claims`. If
    /// only one group refuses a send, the ledger releases the send in the other group.
    ///
    /// - Parameter claims: The scopes and the ``SendFacts`` of each send.
    /// - Returns: The replies in the order of the sends.
    /// - Throws: An error if it is unknown whether a send was counted.
    func reserve(_ claims: [SendClaim]) async throws -> [LedgerReply]
}
