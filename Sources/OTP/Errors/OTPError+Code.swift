// SPDX-License-Identifier: Apache-2.0

extension OTPError {
    /// The kind of an error, which determines what a caller can do.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case incorrectCode, malformedCode, invalidToken, expired, attemptsExhausted, locked, disabled, rateLimited
            case destinationNotAllowed, deliveryFailed, storeUnavailable, keyUnavailable, invalidProof, cancelled
            case humanCheckRequired, blocked
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
        /// There is no live challenge.
        ///
        /// The challenge has expired, was used, was cancelled, or does not match the number, purpose, context or tenant of the
        /// call. The store cannot distinguish these cases. For a tokenless challenge, a different context counts as a wrong
        /// code.
        public static let expired = Self(.expired)
        /// The challenge has no attempts left, so even the right code is rejected.
        public static let attemptsExhausted = Self(.attemptsExhausted)
        /// There were too many wrong codes for the number within a time window.
        ///
        /// The lockout ends after ``OTPError/retryAfter``.
        public static let locked = Self(.locked)
        /// There were too many consecutive wrong codes for the number.
        ///
        /// The number remains disabled until an operator unlocks it, or until ``OTPLimits/consecutiveFailuresRetention`` has
        /// passed since the last wrong code.
        public static let disabled = Self(.disabled)
        /// A limit does not admit the message.
        ///
        /// A retry can succeed after ``OTPError/retryAfter``. If this value is `nil`, the challenge has used up its sends, and
        /// you must issue a new code.
        public static let rateLimited = Self(.rateLimited)
        /// The policy or the SMS client does not permit messages to the number.
        ///
        /// The call does not count against any limit.
        public static let destinationNotAllowed = Self(.destinationNotAllowed)
        /// The guard (`SMSGuard`) requires a human check, such as a captcha, before a message is sent to the number.
        ///
        /// The call does not count against any limit. Show the check to the user, and repeat the call with the user's response.
        public static let humanCheckRequired = Self(.humanCheckRequired)
        /// The guard (`SMSGuard`) does not admit the message.
        ///
        /// The call does not count against any limit. A retry can succeed after ``OTPError/retryAfter``. The error does not
        /// contain the name of the guard's rule, because this name would help an attacker. The log contains the name.
        public static let blocked = Self(.blocked)
        /// The gateway rejected the message, or too many sends are in progress.
        ///
        /// A rejected message counts only toward the cooldown after rejections (``OTPLimits/refusedCooldown``). However, if the
        /// store fails while the service corrects the counts, the message still counts as a send. If too many sends are in
        /// progress, no limit counts the call.
        public static let deliveryFailed = Self(.deliveryFailed)
        /// The store failed, so no message was sent and no code was accepted.
        ///
        /// The store may still have counted a send or an attempt, or consumed a challenge.
        public static let storeUnavailable = Self(.storeUnavailable)
        /// The key that protects the code is missing from the key ring.
        public static let keyUnavailable = Self(.keyUnavailable)
        /// The proof is forged, expired or already redeemed, or does not match the number, purpose, context or audience of the
        /// call.
        public static let invalidProof = Self(.invalidProof)

        /// The caller's task was cancelled.
        ///
        /// No message was sent and no code was accepted. If the task was cancelled before the call, nothing was counted. If the
        /// cancellation interrupted an operation of the store, the store may have counted an attempt or consumed the challenge.
        public static let cancelled = Self(.cancelled)

        /// All error codes.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the code, which can serve as a metric label.
        public var description: String { self.base.rawValue }
    }
}

extension OTPError.Code {
    /// Returns whether an error is an ``OTPError`` with this code.
    ///
    /// The operator `~=` enables patterns such as `catch OTPError.Code.expired`.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - error: Any error.
    /// - Returns: `true` if the error is an ``OTPError`` with the code.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? OTPError)?.code == code
    }
}
