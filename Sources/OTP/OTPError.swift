public import SMSKit

/// Why a code was not issued, or not accepted.
///
/// It holds no code, number, token or key, and can be logged.
public struct OTPError: Error, Sendable, CustomStringConvertible {
    /// What a caller can do differently about.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case incorrectCode, malformedCode, invalidToken, expired, attemptsExhausted, locked, disabled, rateLimited
            case destinationNotAllowed, deliveryFailed, storeUnavailable, keyUnavailable, invalidProof
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The code is wrong; one attempt was used.
        public static let incorrectCode = Self(.incorrectCode)
        /// The text cannot be a code of this service; no attempt was used.
        public static let malformedCode = Self(.malformedCode)
        /// The text is not a token of this service; no attempt was used.
        public static let invalidToken = Self(.invalidToken)
        /// There is no live challenge: its time is over, or it was used, cancelled, or issued for something else.
        ///
        /// The store keeps no trace that would tell these apart.
        public static let expired = Self(.expired)
        /// The challenge has no attempt left; even the right code is refused.
        public static let attemptsExhausted = Self(.attemptsExhausted)
        /// Too many wrong attempts for the number; it ends by itself after ``OTPError/retryAfter``.
        public static let locked = Self(.locked)
        /// Too many wrong attempts in a row for the number; an operator must unlock it.
        public static let disabled = Self(.disabled)
        /// A limit on messages refused; try again after ``OTPError/retryAfter``.
        public static let rateLimited = Self(.rateLimited)
        /// The policy, or the SMS client, does not send to the number; no limit was charged.
        public static let destinationNotAllowed = Self(.destinationNotAllowed)
        /// The gateway refused the message; it is not counted, unless the store failed when it was given back.
        public static let deliveryFailed = Self(.deliveryFailed)
        /// The store did not answer: nothing was sent and nothing was verified.
        ///
        /// A message or an attempt may have been counted, and a code consumed.
        public static let storeUnavailable = Self(.storeUnavailable)
        /// The code is protected by a key that is no longer in the ring.
        public static let keyUnavailable = Self(.keyUnavailable)
        /// The proof is not genuine, not for this number and purpose, expired, or used already.
        public static let invalidProof = Self(.invalidProof)

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }

    /// What a caller can do differently about.
    public var code: Code

    /// A sentence for a person.
    public var message: String

    /// How long to wait, if waiting helps.
    public var retryAfter: Duration?

    /// The attempts that the challenge has left, if the caller may know.
    public var attemptsRemaining: Int?

    /// The limit that refused, if one did.
    public var limit: Refusal.Limit?

    /// What the SMS client said, if it refused.
    public var delivery: SMSError?

    /// The error from which this one arose, if there was one.
    public var cause: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What a caller can do differently about.
    ///   - message: A sentence for a person.
    ///   - cause: The error from which this one arose.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code, the message, and what the gateway or the store said.
    public var description: String {
        var text = "\(self.code): \(self.message)"
        if let delivery = self.delivery { text += " [\(delivery)]" }
        if let cause = self.cause { text += " [\(cause)]" }
        return text
    }
}

extension OTPError {
    /// The error for a limit that refused a message or a attempt.
    init(_ refusal: Refusal) {
        switch refusal.limit {
        case .cooldown, .sends:
            self.init(.rateLimited, "too many messages to this number")
        case .refusedSends:
            self.init(.rateLimited, "the gateway has just refused a message to this number")
        case .sendsPerChallenge:
            self.init(.rateLimited, "this challenge has sent all of its messages; issue a new one")
        case .failures:
            self.init(.locked, "too many wrong codes for this number")
        case .consecutiveFailures:
            self.init(.disabled, "too many wrong codes in a row for this number; it must be unlocked")
        }
        self.retryAfter = refusal.retryAfter
        self.limit = refusal.limit
    }
}
