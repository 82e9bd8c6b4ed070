// SPDX-License-Identifier: Apache-2.0

/// A store of used proofs of verification.
///
/// The store prevents a second redemption of a proof. `ProofStoreConformance` in the module `OTPTesting` checks an
/// implementation.
public protocol ProofStore: ClockedStore {
    /// Marks a proof as used, unless the proof has been used or has expired.
    ///
    /// The step is atomic: exactly one of several concurrent calls for a proof returns `true`. A proof whose remaining time
    /// exceeds `lifetime` by more than one minute was created with a wrong clock. It is marked as used, but not accepted.
    ///
    /// - Parameters:
    ///   - proof: The 16 bytes of the proof's identifier.
    ///   - expiry: The expiry of the proof.
    ///   - lifetime: The time for which a proof can be redeemed. A lifetime above 600 seconds counts as 600 seconds.
    /// - Returns: `true` if this call has marked the proof, and the proof is accepted.
    /// - Throws: An error if the outcome is unknown.
    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool
}
