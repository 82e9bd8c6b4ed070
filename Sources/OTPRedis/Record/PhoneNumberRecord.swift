// SPDX-License-Identifier: Apache-2.0

package import OTP

/// A phone-number record, decoded from the bytes that the scripts write.
///
/// It holds times and counts, and neither challenge IDs nor authenticators nor codes, so it may be shown to an operator.
package struct PhoneNumberRecord: Sendable, Hashable {
    /// A challenge in a record.
    ///
    /// An expired challenge stays until the next step that rewrites the record.
    package struct Challenge: Sendable, Hashable {
        /// The ID of the key of its code.
        package var keyID: String

        /// The attempts that its code still has.
        package var attemptsRemaining: Int

        /// The attempts that were compared with all its codes.
        package var attemptsMade: Int

        /// The expiry of its code; `nil` for a challenge that was invalidated because the clock ran ahead.
        package var expiresAt: StoreTime?

        /// The messages that were sent for it.
        package var sends: Int

        /// Whether the record holds its code encrypted, so that a resend can repeat the code.
        package var hasSealedCode: Bool
    }

    /// The number of sends that the cooldown counts.
    package var cooldownStep: Int

    /// The times of the sends, earliest first.
    package var sendTimes: [StoreTime]

    /// The number of consecutive sends that the gateway refused.
    package var refusedSends: Int

    /// The time of the last refused send.
    package var lastRefusal: StoreTime?

    /// The times of the failed attempts, earliest first.
    package var failureTimes: [StoreTime]

    /// The number of failed attempts since the last success.
    package var failureStreak: Int

    /// The challenges, latest first.
    package var challenges: [Challenge]
}
