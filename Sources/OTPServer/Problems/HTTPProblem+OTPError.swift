// SPDX-License-Identifier: Apache-2.0

public import OTP

extension HTTPProblem {
    /// Creates the problem for an error of the service.
    ///
    /// The status is `OTPError.httpStatus`, with one exception. If a challenge has reached its maximum number of messages, the
    /// status is 410, because waiting does not help. Challenges that are expired, used, exhausted or unknown, or whose
    /// key has been removed, all cause the same problem.
    ///
    /// - Parameter error: The error.
    public init(_ error: OTPError) {
        let code = Self.code(for: error)
        self.init(code, retryAfter: code.hasRetryAfter ? error.retryAfterSeconds : nil)
        if code == .incorrectCode { self.attemptsRemaining = error.attemptsRemaining }
    }

    private static func code(for error: OTPError) -> Code {
        switch error.code {
        case .malformedCode: .malformedCode
        case .invalidToken: .invalidToken
        case .destinationNotAllowed: .destinationNotAllowed
        case .disabled: .numberDisabled
        case .humanCheckRequired: .humanCheckRequired
        case .expired, .attemptsExhausted, .keyUnavailable: .expired
        case .incorrectCode: .incorrectCode
        case .locked: .locked
        case .rateLimited: error.retryAfter == nil ? .resendsExhausted : .rateLimited
        case .blocked: .blocked
        case .deliveryFailed: .deliveryFailed
        case .storeUnavailable, .cancelled: .unavailable
        default: .internalError
        }
    }
}

extension HTTPProblem.Code {
    /// Whether the header `Retry-After` contains the wait of the `OTPError`.
    var hasRetryAfter: Bool { self.status == 429 || self.status == 503 }
}
