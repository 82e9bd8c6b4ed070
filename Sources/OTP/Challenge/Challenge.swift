// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// An issued code, and the outcome of its message.
///
/// Pass ``token`` to the client that requested the code. The challenge does not contain the code.
public struct Challenge: Sendable, Hashable, Codable {
    /// The token that the client sends together with the code.
    public let token: ChallengeToken

    /// The expiry of the code.
    public let expiresAt: Date

    /// The earliest time at which another message to the number is admitted; `nil` if the challenge expires earlier.
    ///
    /// Later sends and wrong codes for the number can postpone this time.
    public let resendAllowedAt: Date?

    /// The number of remaining attempts for the code.
    public let attemptsRemaining: Int

    /// The outcome of sending the message with the code.
    public let delivery: Delivery

    /// The gateway's identifier of the request, for support requests to the gateway; `nil` if the gateway returned none.
    public let requestID: String?

    /// Creates a challenge, for the tests of an application.
    ///
    /// - Parameters:
    ///   - token: The token that the client sends together with the code.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of remaining attempts for the code.
    ///   - delivery: The outcome of sending the message with the code.
    ///   - requestID: The gateway's identifier of the request.
    public init(
        token: ChallengeToken,
        expiresAt: Date,
        resendAllowedAt: Date?,
        attemptsRemaining: Int,
        delivery: Delivery,
        requestID: String? = nil
    ) {
        self.token = token
        self.expiresAt = expiresAt
        self.resendAllowedAt = resendAllowedAt
        self.attemptsRemaining = attemptsRemaining
        self.delivery = delivery
        self.requestID = requestID
    }

    init(_ token: ChallengeToken, _ challenge: TokenlessChallenge) {
        self.init(
            token: token,
            expiresAt: challenge.expiresAt,
            resendAllowedAt: challenge.resendAllowedAt,
            attemptsRemaining: challenge.attemptsRemaining,
            delivery: challenge.delivery,
            requestID: challenge.requestID
        )
    }
}

extension Challenge {
    /// The outcome of sending a code.
    ///
    /// If the gateway rejects the message, the call throws ``OTPError/Code/deliveryFailed`` and returns no outcome.
    public struct Delivery: Sendable, Hashable, Codable, CustomStringConvertible {
        private enum Base: String, Codable {
            case accepted, unknown
        }

        private let status: Base

        /// The gateway's identifier of the message; `nil` if the outcome is unknown.
        public let messageID: String?

        private init(_ status: Base, messageID: String?) {
            self.status = status
            self.messageID = messageID
        }

        /// Creates the outcome for a message that the gateway accepted.
        ///
        /// - Parameter messageID: The gateway's identifier of the message.
        /// - Returns: The outcome.
        public static func accepted(messageID: String) -> Self { Self(.accepted, messageID: messageID) }

        /// The outcome if the gateway did not confirm the message.
        ///
        /// The code is valid, and the message may still arrive.
        public static let unknown = Self(.unknown, messageID: nil)

        /// Whether the gateway accepted the message.
        public var isAccepted: Bool { self.status == .accepted }

        /// The name of the outcome, without the identifier of the message.
        public var description: String { self.status.rawValue }
    }
}
