// SPDX-License-Identifier: Apache-2.0

/// A store's decision on a resend.
///
/// No cases will be added, because a caller must handle every decision.
public enum ResendDecision: Sendable, Hashable {
    /// The message may be sent with this code.
    case admitted(Admission, ProtectedCode)
    /// A limit does not admit the message.
    ///
    /// Nothing was changed.
    case refused(Refusal, at: StoreTime)
    /// The challenge has no attempts left, so a message would be useless.
    ///
    /// Nothing was changed.
    case exhausted(at: StoreTime)
    /// There is no such live challenge, or its code cannot be repeated.
    ///
    /// Nothing was changed.
    case absent(at: StoreTime)
    /// The caller does not have the key of the encrypted code.
    ///
    /// Nothing was changed.
    case unknownKey(at: StoreTime)
}
