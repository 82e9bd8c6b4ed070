// SPDX-License-Identifier: Apache-2.0

/// A send that a store admitted.
public struct Admission: Sendable, Hashable {
    /// The time of the store's clock when the send was admitted.
    public var time: StoreTime

    /// The expiry of the code.
    public var expiresAt: StoreTime

    /// The earliest time at which the limits on sends to the number admit another message.
    public var resendAllowedAt: StoreTime

    /// The number of remaining attempts for the code.
    public var attemptsRemaining: Int

    /// Creates an admission.
    ///
    /// - Parameters:
    ///   - time: The time of the store's clock when the send was admitted.
    ///   - expiresAt: The expiry of the code.
    ///   - resendAllowedAt: The earliest time at which another message is admitted.
    ///   - attemptsRemaining: The number of remaining attempts for the code.
    public init(time: StoreTime, expiresAt: StoreTime, resendAllowedAt: StoreTime, attemptsRemaining: Int) {
        self.time = time
        self.expiresAt = expiresAt
        self.resendAllowedAt = resendAllowedAt
        self.attemptsRemaining = attemptsRemaining
    }
}
