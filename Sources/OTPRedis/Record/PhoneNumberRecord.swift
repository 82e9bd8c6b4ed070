// SPDX-License-Identifier: Apache-2.0

package import OTP

/// A phone-number record, decoded from the bytes that the scripts write.
///
/// It contains times and counts, but no challenge IDs, authenticators or codes. It can therefore be shown to an operator.
package struct PhoneNumberRecord: Sendable, Hashable {
    /// A challenge in a record.
    ///
    /// An expired challenge stays until a step other than `verify` rewrites the record.
    package struct Challenge: Sendable, Hashable {
        /// The ID of the key that protects the code.
        package var keyID: String

        /// The number of remaining attempts for the code.
        package var attemptsRemaining: Int

        /// The number of attempts for all codes of the challenge.
        package var attemptsMade: Int

        /// The expiry of the code; `nil` for a challenge that was invalidated because the clock was ahead.
        package var expiresAt: StoreTime?

        /// The number of messages sent for the challenge.
        package var sends: Int

        /// Whether the record contains the encrypted code, so that a resend can repeat it.
        package var hasSealedCode: Bool
    }

    /// The number of sends that the cooldown has counted since its last reset.
    package var cooldownStep: Int

    /// The times of the sends, earliest first.
    package var sendTimes: [StoreTime]

    /// The number of consecutive sends that the gateway rejected.
    package var refusedSends: Int

    /// The time of the last rejected send.
    package var lastRefusal: StoreTime?

    /// The times of the failed attempts, earliest first.
    package var failureTimes: [StoreTime]

    /// The number of failed attempts since the last success.
    package var failureStreak: Int

    /// The challenges, in the order of the record.
    package var challenges: [Challenge]
}
