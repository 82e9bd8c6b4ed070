// SPDX-License-Identifier: Apache-2.0

/// The decision of a store on an attempt.
///
/// The enumeration is closed: a caller must handle every decision.
public enum VerifyDecision: Sendable, Hashable {
    /// The attempt is right, and the challenge is consumed.
    case matched(at: StoreTime)
    /// The attempt is wrong and was counted.
    case mismatched(attemptsRemaining: Int, at: StoreTime)
    /// The challenge has no attempts left; the attempt was not compared.
    case exhausted(at: StoreTime)
    /// The number is locked or disabled; the attempt was not compared.
    case locked(Refusal, at: StoreTime)
    /// There is no such live challenge; no counter changed.
    case absent(at: StoreTime)
    /// The attempt lacks the key of the code; no counter changed.
    case unknownKey(at: StoreTime)
}
