public import Foundation

/// A code that was issued and, as far as is known, sent.
public struct Challenge: Sendable {
    /// What became of the message.
    public enum Delivery: Sendable, Hashable {
        /// The gateway took the message.
        case accepted(messageID: String)
        /// It cannot be told whether the gateway took the message: it may arrive, and the code is live.
        case unknown
    }

    /// What the client that will verify must show; `nil` for a challenge that is verified by number alone.
    public let token: ChallengeToken?

    /// When the code ends.
    public let expiresAt: Date

    /// The earliest time at which a further message to the number is admitted, if nothing else happens.
    public let resendAt: Date

    /// The attempts that the code still has.
    public let attemptsRemaining: Int

    /// What became of the message.
    public let delivery: Delivery

    /// The gateway's identifier of the request that sent the message, for its support staff; `nil` if it returned none.
    public let requestID: String?
}
