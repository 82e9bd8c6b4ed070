// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// An issued code that is verified without a token, and the outcome of its message.
public struct TokenlessChallenge: Sendable, Hashable, Codable {
    /// The expiry of the code.
    public let expiresAt: Date

    /// The earliest time at which another message to the number is admitted; `nil` if the code expires earlier.
    public let resendAllowedAt: Date?

    /// The number of remaining attempts for the code.
    public let attemptsRemaining: Int

    /// The outcome of sending the message with the code.
    public let delivery: Challenge.Delivery

    /// The gateway's identifier of the request, for support requests to the gateway; `nil` if the gateway returned none.
    public let requestID: String?

    /// Creates a challenge, for the tests of an application.
    ///
    /// - Parameters:
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of remaining attempts for the code.
    ///   - delivery: The outcome of sending the message with the code.
    ///   - requestID: The gateway's identifier of the request.
    public init(
        expiresAt: Date,
        resendAllowedAt: Date?,
        attemptsRemaining: Int,
        delivery: Challenge.Delivery,
        requestID: String? = nil
    ) {
        self.expiresAt = expiresAt
        self.resendAllowedAt = resendAllowedAt
        self.attemptsRemaining = attemptsRemaining
        self.delivery = delivery
        self.requestID = requestID
    }
}
