// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The reason why a code was not issued or not accepted.
///
/// An error contains no one-time code, number, token or key, so it can be logged. Later versions may add error codes, so a
/// `switch` over ``code`` needs a `default`:
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
    /// The values that an ``OTPError`` stores.
    private struct Values: Sendable {
        var code: Code
        var message: String
        var retryAfter: Duration?
        var attemptsRemaining: Int?
        var limit: Refusal.Limit?
        var delivery: SMSError?
        var cause: (any Error)?
    }

    /// A reference to the values.
    ///
    /// The reference keeps an error small. With inline values, the frame of each asynchronous call would reserve several
    /// kilobytes for errors.
    private final class Box: Sendable {
        let values: Values

        init(_ values: Values) { self.values = values }
    }

    private var box: Box

    private var values: Values {
        get { self.box.values }
        set { self.box = Box(newValue) }
    }

    /// The kind of the error, which determines what a caller can do.
    public var code: Code {
        get { self.values.code }
        set { self.values.code = newValue }
    }

    /// An explanation of the error for people.
    public var message: String {
        get { self.values.message }
        set { self.values.message = newValue }
    }

    /// The time until a retry can succeed; `nil` if waiting does not help.
    public var retryAfter: Duration? {
        get { self.values.retryAfter }
        set { self.values.retryAfter = newValue }
    }

    /// The number of remaining attempts for the code; `nil` if the error has no such number or must not disclose it.
    public var attemptsRemaining: Int? {
        get { self.values.attemptsRemaining }
        set { self.values.attemptsRemaining = newValue }
    }

    /// The limit that did not admit the call; `nil` if no limit caused the error.
    public var limit: Refusal.Limit? {
        get { self.values.limit }
        set { self.values.limit = newValue }
    }

    /// The error of the send; `nil` unless the code is ``OTPError/Code/deliveryFailed``.
    ///
    /// If the gateway rejected the message, the error comes from the SMS client. If too many earlier sends are still in
    /// progress, the error comes from the service.
    public var delivery: SMSError? {
        get { self.values.delivery }
        set { self.values.delivery = newValue }
    }

    /// The underlying error; `nil` if there is none.
    public var cause: (any Error)? {
        get { self.values.cause }
        set { self.values.cause = newValue }
    }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the error.
    ///   - message: An explanation of the error for people.
    ///   - cause: The underlying error; `nil` if there is none.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.box = Box(Values(code: code, message: message, cause: cause))
    }

    /// Creates the error for a wrong code.
    init(incorrectCode attemptsRemaining: Int) {
        self.box = Box(Values(code: .incorrectCode, message: "the code is wrong", attemptsRemaining: attemptsRemaining))
    }

    /// The error code, the message, and the errors of the SMS client and the store.
    public var description: String {
        var text = "\(self.code): \(self.message)"
        if let delivery = self.delivery { text += " [\(delivery)]" }
        if let cause = self.cause { text += " [\(cause)]" }
        return text
    }
}

extension OTPError: Equatable {
    /// Returns whether two errors have the same error code.
    ///
    /// Messages, details and causes are not compared.
    public static func == (first: Self, second: Self) -> Bool {
        first.code == second.code
    }
}

extension OTPError {
    /// Creates the error for a refusal by a store.
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
