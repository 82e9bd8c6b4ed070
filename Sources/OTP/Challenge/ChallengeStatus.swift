// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The state of a live challenge.
public struct ChallengeStatus: Sendable, Hashable, Codable {
    /// The store's time when it read the state; the other dates are on the same clock.
    public let readAt: Date

    /// The expiry of the code.
    public let expiresAt: Date

    /// The earliest time at which another message to the number is admitted; `nil` if the challenge expires before.
    public let resendAllowedAt: Date?

    /// The number of attempts that the code has left.
    public let attemptsRemaining: Int

    /// The number of messages sent for the challenge, the first included.
    public let sendCount: Int

    /// Creates a status, for the tests of an application.
    ///
    /// - Parameters:
    ///   - readAt: The store's time when it read the state.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of attempts that the code has left.
    ///   - sendCount: The number of messages sent.
    public init(readAt: Date, expiresAt: Date, resendAllowedAt: Date?, attemptsRemaining: Int, sendCount: Int) {
        self.readAt = readAt
        self.expiresAt = expiresAt
        self.resendAllowedAt = resendAllowedAt
        self.attemptsRemaining = attemptsRemaining
        self.sendCount = sendCount
    }

    init(_ snapshot: ChallengeSnapshot) {
        self.init(
            readAt: snapshot.time.date,
            expiresAt: snapshot.expiresAt.date,
            resendAllowedAt: snapshot.resendAllowedAt.date(before: snapshot.expiresAt),
            attemptsRemaining: snapshot.attemptsRemaining,
            sendCount: snapshot.sendCount
        )
    }
}

extension StoreTime {
    /// The time as a date; `nil` if a challenge with this expiry has ended by then.
    func date(before expiry: StoreTime) -> Date? { self < expiry ? self.date : nil }
}
