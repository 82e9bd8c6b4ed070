// SPDX-License-Identifier: Apache-2.0

extension OTPError {
    /// The kind of an error, which decides what a caller can do.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case incorrectCode, malformedCode, invalidToken, expired, attemptsExhausted, locked, disabled, rateLimited
            case destinationNotAllowed, deliveryFailed, storeUnavailable, keyUnavailable, invalidProof, cancelled
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The code is wrong, and one attempt was used.
        public static let incorrectCode = Self(.incorrectCode)
        /// The text cannot be a code of this service.
        ///
        /// No attempt was used.
        public static let malformedCode = Self(.malformedCode)
        /// The text is not a token of this service.
        ///
        /// No attempt was used.
        public static let invalidToken = Self(.invalidToken)
        /// There is no live challenge: it has expired, or was used, cancelled, or issued for something else.
        ///
        /// The store keeps no trace that could distinguish these cases.
        public static let expired = Self(.expired)
        /// The challenge has no attempts left; even the right code is refused.
        public static let attemptsExhausted = Self(.attemptsExhausted)
        /// Too many wrong codes for the number.
        ///
        /// The lockout ends after ``OTPError/retryAfter``.
        public static let locked = Self(.locked)
        /// Too many consecutive wrong codes for the number.
        ///
        /// An operator must unlock it.
        public static let disabled = Self(.disabled)
        /// A send limit refused the message.
        ///
        /// Retry after ``OTPError/retryAfter``.
        public static let rateLimited = Self(.rateLimited)
        /// The policy or the SMS client does not send to the number.
        ///
        /// No message was counted.
        public static let destinationNotAllowed = Self(.destinationNotAllowed)
        /// The gateway rejected the message.
        ///
        /// It is not counted, unless the store failed during the release.
        public static let deliveryFailed = Self(.deliveryFailed)
        /// The store failed: no message was sent and no code was accepted.
        ///
        /// A send or an attempt may have been counted, and a challenge consumed.
        public static let storeUnavailable = Self(.storeUnavailable)
        /// The key that protects the code is no longer in the ring.
        public static let keyUnavailable = Self(.keyUnavailable)
        /// The proof is forged, expired, already redeemed, or for another number, purpose, context or audience.
        public static let invalidProof = Self(.invalidProof)

        /// The caller's task was cancelled.
        ///
        /// No message was sent and no code was accepted. A task that was cancelled before the call counted nothing. A store that
        /// throws `CancellationError` within a step may have counted an attempt, and consumed a challenge.
        public static let cancelled = Self(.cancelled)

        /// Every code of this version.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }
}

extension OTPError.Code {
    /// Returns whether an error is an ``OTPError`` with this code, for `catch OTPError.Code.expired`.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - error: Any error.
    /// - Returns: Whether they match.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? OTPError)?.code == code
    }
}
