// SPDX-License-Identifier: Apache-2.0

package import OTP

/// A phone-number record, decoded from its value in Redis.
///
/// The decoded record contains times and counts, but no challenge IDs, authenticators or codes, so operators may read it.
package struct PhoneNumberRecord: Sendable, Hashable {
    /// A challenge in a record.
    ///
    /// An expired challenge remains in the record until an operation other than `verify` writes the record.
    package struct Challenge: Sendable, Hashable {
        /// The ID of the key that protects the code.
        package var keyID: String

        /// The number of remaining attempts for the current code.
        package var attemptsRemaining: Int

        /// The number of attempts that were made so far, for all codes of the challenge together.
        package var attemptsMade: Int

        /// The expiry of the code; `nil` if the challenge is invalid, because it was created while the server's clock was
        /// ahead.
        package var expiresAt: StoreTime?

        /// The number of messages that were sent for the challenge.
        package var sends: Int

        /// Whether the record contains the encrypted code, which allows resends of the same code.
        package var hasSealedCode: Bool
    }

    /// The number of sends since the last reset of the cooldown.
    package var cooldownStep: Int

    /// The times of the sends, in ascending order.
    package var sendTimes: [StoreTime]

    /// The number of consecutive sends that the gateway rejected.
    package var refusedSends: Int

    /// The time of the last send that the gateway rejected; `nil` if no send was rejected.
    package var lastRefusal: StoreTime?

    /// The times of the failed attempts, in ascending order.
    package var failureTimes: [StoreTime]

    /// The number of failed attempts since the last correct code.
    package var failureStreak: Int

    /// The challenges, in the order in which the record contains them.
    package var challenges: [Challenge]
}
