// SPDX-License-Identifier: Apache-2.0

/// A store that records which proofs of verification have been used.
///
/// `ProofStoreConformance` in the module `OTPTesting` checks an implementation.
public protocol ProofStore: ClockedStore {
    /// Marks a proof as used, unless it is already used or has expired.
    ///
    /// The step is atomic: of concurrent calls for one proof, exactly one returns `true`. A proof whose remaining time exceeds
    /// the lifetime by more than a minute was created with a wrong clock. Such a proof is marked as used, but not accepted.
    ///
    /// - Parameters:
    ///   - proof: The 16 bytes of the proof's identifier.
    ///   - expiry: The expiry of the proof.
    ///   - lifetime: The time for which a proof can be redeemed. A lifetime above 600 seconds counts as 600 seconds.
    /// - Returns: Whether this call used the proof.
    /// - Throws: An error if the outcome is unknown.
    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool
}
