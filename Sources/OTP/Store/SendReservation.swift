// SPDX-License-Identifier: Apache-2.0

/// A message that a store has admitted and counted.
///
/// If the message is definitely not sent, ``OTPStore/release(_:for:limits:)`` removes the message from the counts.
public struct SendReservation: Sendable, Hashable {
    /// The kind of a message: the first message of a challenge, or a resend.
    ///
    /// No cases will be added, because a store must handle every kind.
    public enum Kind: Sendable, Hashable {
        /// The message that created the challenge.
        case first
        /// A later message of the challenge.
        case resend
    }

    /// The identifier of the challenge.
    public var challenge: ChallengeID

    /// The time of the store's clock when the store admitted the message.
    public var time: StoreTime

    /// Whether the message is the first message of the challenge or a resend.
    public var kind: Kind

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - challenge: The identifier of the challenge.
    ///   - time: The time of the store's clock when the store admitted the message.
    ///   - kind: Whether the message is the first message of the challenge or a resend.
    public init(challenge: ChallengeID, time: StoreTime, kind: Kind) {
        self.challenge = challenge
        self.time = time
        self.kind = kind
    }
}
