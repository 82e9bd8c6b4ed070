// SPDX-License-Identifier: Apache-2.0

/// A send that the policy and the guard (`SMSGuard`) admit.
struct AdmittedSend: Sendable {
    let pending: PendingSends.Send

    /// Whether the guard silently drops the message.
    ///
    /// The store still counts the message, and the caller sees no difference.
    let isShadow: Bool

    /// The time at which the client's device token was issued; `nil` if the client has no valid token.
    let device: StoreTime?
}
