// SPDX-License-Identifier: Apache-2.0

/// A store's decision on an attempt.
///
/// No cases will be added, because a caller must handle every decision.
public enum VerifyDecision: Sendable, Hashable {
    /// The code is right, and the challenge is consumed.
    case matched(at: StoreTime)
    /// The code is wrong, and the attempt was counted.
    case mismatched(attemptsRemaining: Int, at: StoreTime)
    /// The challenge has no attempts left.
    ///
    /// The store has not compared the attempt with the code.
    case exhausted(at: StoreTime)
    /// The number has too many failed attempts.
    ///
    /// The store has not compared the attempt with the code.
    case locked(Refusal, at: StoreTime)
    /// The store has no live challenge for the caller's ``ChallengeReference``.
    ///
    /// The store has changed no counter.
    case absent(at: StoreTime)
    /// The store cannot compare the attempt with the code, because the caller does not have the key of the stored code.
    ///
    /// An ``Attempt`` contains one hash of the typed code for each key of the caller. The store has changed no counter.
    case unknownKey(at: StoreTime)
}
