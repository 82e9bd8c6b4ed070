// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The reason why a code was not issued, or not accepted.
///
/// It contains no code, number, token or key, and can be logged. Match it by code, with a `default` because codes can be added:
///
/// ```swift
/// do throws(OTPError) {
///     let proof = try await otp.verify(code, for: number, token: token, purpose: .signIn)
/// } catch {
///     switch error.code {
///     case .incorrectCode: break  // ask again: error.attemptsRemaining
///     case .expired: break  // issue a new code
///     default: break  // error.httpStatus, error.retryAfterSeconds
///     }
/// }
/// ```
public struct OTPError: Error, Sendable, CustomStringConvertible {
    /// The kind of the error, which decides what a caller can do.
    public var code: Code

    /// A sentence for a person.
    public var message: String

    /// The time until a retry can succeed; `nil` if waiting does not help.
    public var retryAfter: Duration?

    /// The attempts that the code has left, if the caller may know the number.
    public var attemptsRemaining: Int?

    /// The limit that refused; `nil` for other errors.
    public var limit: Refusal.Limit?

    /// The error of the SMS client, if it rejected the message.
    public var delivery: SMSError?

    /// The underlying error, if there is one.
    public var cause: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: A sentence for a person.
    ///   - cause: The underlying error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code, the message, and the errors of the SMS client and the store.
    public var description: String {
        var text = "\(self.code): \(self.message)"
        if let delivery = self.delivery { text += " [\(delivery)]" }
        if let cause = self.cause { text += " [\(cause)]" }
        return text
    }
}

extension OTPError: Equatable {
    /// Returns whether two errors have the same code.
    ///
    /// Messages, details and causes are not compared.
    public static func == (first: Self, second: Self) -> Bool {
        first.code == second.code
    }
}

extension OTPError {
    /// Creates the error for a limit that refused a send or an attempt.
    init(_ refusal: Refusal) {
        switch refusal.limit.name {
        case .failures:
            self.init(.locked, "too many wrong codes for this number: wait until the lockout ends")
        case .consecutiveFailures:
            self.init(.disabled, "too many consecutive wrong codes for this number: an operator must unlock it")
        case .refusedSends:
            self.init(.rateLimited, "the gateway has just rejected a message to this number: wait before the next one")
        case .sendsPerChallenge:
            self.init(.rateLimited, "the challenge has used up its messages: issue a new code")
        default:
            self.init(.rateLimited, "too many messages to this number: wait before the next one")
        }
        self.retryAfter = refusal.retryAfter
        self.limit = refusal.limit
    }
}
