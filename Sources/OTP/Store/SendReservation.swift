// SPDX-License-Identifier: Apache-2.0

/// The capacity that one admitted message uses, until it is released.
public struct SendReservation: Sendable, Hashable {
    /// The position of a message in its challenge.
    ///
    /// The enumeration is closed: a store must treat every kind.
    public enum Kind: Sendable, Hashable {
        /// The message that created the challenge.
        case first
        /// A later message.
        case resend
    }

    /// The challenge.
    public var challenge: ChallengeID

    /// The store's time when it admitted the message.
    public var time: StoreTime

    /// The position of the message in its challenge.
    public var kind: Kind

    /// Creates a reservation.
    ///
    /// - Parameters:
    ///   - challenge: The challenge.
    ///   - time: The store's time when it admitted the message.
    ///   - kind: The position of the message in its challenge.
    public init(challenge: ChallengeID, time: StoreTime, kind: Kind) {
        self.challenge = challenge
        self.time = time
        self.kind = kind
    }
}
