// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The state of a live challenge.
public struct ChallengeStatus: Sendable, Hashable, Codable {
    /// The time of the store's clock when the store read the state.
    ///
    /// All other times in the status are from the same clock.
    public let readAt: Date

    /// The expiry of the code.
    public let expiresAt: Date

    /// The earliest time at which another message to the number is admitted; `nil` if the challenge expires earlier.
    public let resendAllowedAt: Date?

    /// The number of remaining attempts for the code.
    public let attemptsRemaining: Int

    /// The number of sends for the challenge, including the first.
    public let sendCount: Int

    /// Creates a status, for the tests of an application.
    ///
    /// - Parameters:
    ///   - readAt: The time of the store's clock when the store read the state.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of remaining attempts for the code.
    ///   - sendCount: The number of sends for the challenge, including the first.
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
    /// Returns the time as a date, or `nil` if the time is not before the given expiry.
    func date(before expiry: StoreTime) -> Date? { self < expiry ? self.date : nil }
}
