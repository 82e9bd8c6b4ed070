// SPDX-License-Identifier: Apache-2.0

/// The decision of a store on a resend.
///
/// The enumeration is closed: a caller must handle every decision.
public enum ResendDecision: Sendable, Hashable {
    /// The message may be sent, with this code.
    case admitted(Admission, ProtectedCode)
    /// Nothing was changed.
    case refused(Refusal, at: StoreTime)
    /// The challenge has no attempts left, so a message would be useless; nothing was changed.
    case exhausted(at: StoreTime)
    /// There is no such live challenge, or its code cannot be repeated; nothing was changed.
    case absent(at: StoreTime)
    /// The caller lacks the key of the sealed code; nothing was changed.
    case unknownKey(at: StoreTime)
}
