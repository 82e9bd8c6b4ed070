// SPDX-License-Identifier: Apache-2.0

/// The used responses of human checks, which all processes of a service share.
///
/// It is a part of each ``SendLedger``.
public protocol ResponseLedger: Sendable {
    /// Marks a response of a human check as used.
    ///
    /// The step is atomic, so that exactly one of several calls for a response returns `true`.
    ///
    /// - Parameters:
    ///   - fingerprint: A keyed hash of the response.
    ///   - lifetime: The time for which the ledger must remember the response.
    /// - Returns: Whether the response was not marked before.
    /// - Throws: An error if the outcome is unknown.
    func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool
}
