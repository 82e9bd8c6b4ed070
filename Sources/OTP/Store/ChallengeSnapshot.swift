// SPDX-License-Identifier: Apache-2.0

/// The state of a live challenge when a store read it.
public struct ChallengeSnapshot: Sendable, Hashable {
    /// The time of the store's clock when the store read the state.
    public var time: StoreTime

    /// The expiry of the code.
    public var expiresAt: StoreTime

    /// The earliest time at which the limits on sends to the number admit another message.
    ///
    /// If the limits already admit a message at ``time``, the value is ``time`` or earlier.
    public var resendAllowedAt: StoreTime

    /// The number of remaining attempts for the code.
    public var attemptsRemaining: Int

    /// The number of sends for the challenge, including the first.
    public var sendCount: Int

    /// Creates a snapshot.
    ///
    /// - Parameters:
    ///   - time: The time of the store's clock when the store read the state.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of remaining attempts for the code.
    ///   - sendCount: The number of sends for the challenge, including the first.
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
