// SPDX-License-Identifier: Apache-2.0

/// A store's decision on a resend.
///
/// No cases will be added, because a caller must handle every decision.
public enum ResendDecision: Sendable, Hashable {
    /// The message may be sent with the given ``ProtectedCode``.
    case admitted(Admission, ProtectedCode)
    /// A limit does not admit the message.
    ///
    /// The store has changed nothing.
    case refused(Refusal, at: StoreTime)
    /// The challenge has no attempts left, so another message would be useless.
    ///
    /// The store has changed nothing.
    case exhausted(at: StoreTime)
    /// The store contains no live challenge for the reference, or the code of the challenge cannot be sent again.
    ///
    /// The store has changed nothing.
    case absent(at: StoreTime)
    /// The caller does not have the key of the encrypted code.
    ///
    /// The store has changed nothing.
    case unknownKey(at: StoreTime)
}
