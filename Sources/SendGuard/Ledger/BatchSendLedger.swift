// SPDX-License-Identifier: Apache-2.0

/// A ledger that decides about several sends in one step.
package protocol BatchSendLedger: SendLedger {
    /// Counts sends that begin at the same time.
    ///
    /// Each group of scopes decides about all sends in their order. Afterwards, a send that only one of its groups has refused is
    /// released in the other group.
    ///
    /// - Parameter claims: The scopes and the facts of the sends.
    /// - Returns: The replies in the order of the sends.
    /// - Throws: An error if an outcome is unknown.
    func reserve(_ claims: [SendClaim]) async throws -> [LedgerReply]
}
