// SPDX-License-Identifier: Apache-2.0

/// The state of a live challenge, as a store reads it.
public struct ChallengeSnapshot: Sendable, Hashable {
    /// The store's time.
    public var time: StoreTime

    /// The expiry of the code.
    public var expiresAt: StoreTime

    /// The earliest time at which cooldown and send limits admit another message; not after ``time`` if they do now.
    public var resendAllowedAt: StoreTime

    /// The number of attempts that the code has left.
    public var attemptsRemaining: Int

    /// The number of messages sent for the challenge, the first included.
    public var sendCount: Int

    /// Creates a snapshot.
    ///
    /// - Parameters:
    ///   - time: The store's time.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of attempts that the code has left.
    ///   - sendCount: The number of messages sent.
    public init(
        time: StoreTime,
        expiresAt: StoreTime,
        resendAllowedAt: StoreTime,
        attemptsRemaining: Int,
        sendCount: Int
    ) {
        self.time = time
        self.expiresAt = expiresAt
        self.resendAllowedAt = resendAllowedAt
        self.attemptsRemaining = attemptsRemaining
        self.sendCount = sendCount
    }
}
