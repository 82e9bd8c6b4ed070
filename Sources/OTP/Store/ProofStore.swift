// SPDX-License-Identifier: Apache-2.0

/// A store of used proofs of verification.
///
/// A proof is the signed result of a successful verification. The store ensures that each proof is redeemed at most once.
/// `ProofStoreConformance` in the module `OTPTesting` checks an implementation.
public protocol ProofStore: ClockedStore {
    /// Marks a proof as used, unless the proof has been used or has expired.
    ///
    /// The method is atomic: at most one of several concurrent calls for a proof returns `true`. If the remaining time of a
    /// proof exceeds `lifetime` by more than one minute, the proof was created with a wrong clock. The method marks this proof
    /// as used, but returns `false`.
    ///
    /// - Parameters:
    ///   - proof: The 16 bytes of the proof's identifier.
    ///   - expiry: The expiry of the proof.
    ///   - lifetime: The time for which a proof can be redeemed. A lifetime above 600 seconds counts as 600 seconds.
    /// - Returns: `true` if this call has marked the proof as used, and the proof is valid.
    /// - Throws: An error if the outcome is unknown.
    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool
}
