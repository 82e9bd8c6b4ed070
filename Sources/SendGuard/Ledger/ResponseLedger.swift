// SPDX-License-Identifier: Apache-2.0

/// The part of a ledger that stores the used responses of human checks.
///
/// Every ``SendLedger`` is also a `ResponseLedger`.
public protocol ResponseLedger: Sendable {
    /// Marks a response of a human check as used.
    ///
    /// If several calls mark the same response, exactly one of them returns `true`.
    ///
    /// - Parameters:
    ///   - fingerprint: A keyed hash of the response.
    ///   - lifetime: The time for which the ledger must remember the response.
    /// - Returns: `true` if the response was unused; `false` if it was already marked.
    /// - Throws: An error if it is unknown whether the response was marked.
    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool
}
