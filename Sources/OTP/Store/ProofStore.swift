// SPDX-License-Identifier: Apache-2.0

/// Records which proofs of verification are used.
///
/// `ProofStoreConformance` in the module `OTPTesting` checks a store.
public protocol ProofStore: ClockedStore {
    /// Marks a proof as used, unless it is used already or has expired.
    ///
    /// The step is atomic: of concurrent calls for one proof, a single one returns `true`. A proof with more than its lifetime and a
    /// minute left was created under a wrong clock: it is marked as used, and not accepted.
    ///
    /// - Parameters:
    ///   - proof: The 16 bytes of the proof's identifier.
    ///   - expiry: The expiry of the proof.
    ///   - lifetime: The time for which a proof can be redeemed. A lifetime above 600 seconds counts as 600 seconds.
    /// - Returns: Whether this call used the proof.
    /// - Throws: An error if the outcome is unknown.
    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool
}
