// SPDX-License-Identifier: Apache-2.0

extension OTPError {
    /// The HTTP status for the error, for services that expose the calls over HTTP.
    ///
    /// | code | status | action of the client |
    /// |---|---|---|
    /// | `malformedCode`, `invalidToken` | 400 | correct the request |
    /// | `destinationNotAllowed`, `disabled` | 403 | stop: waiting does not help |
    /// | `humanCheckRequired` | 403 | show the human check, and repeat the call with the response to the check |
    /// | `expired`, `attemptsExhausted`, `keyUnavailable` | 410 | issue a new code |
    /// | `incorrectCode`, `invalidProof` | 422 | ask the user again, or verify again |
    /// | `locked`, `rateLimited` | 429 | wait for ``retryAfterSeconds``; if it is `nil`, issue a new code |
    /// | `blocked` | 429 | wait for ``retryAfterSeconds``; if it is `nil`, stop |
    /// | `deliveryFailed` | 502 | retry later, or offer another channel |
    /// | `storeUnavailable`, `cancelled` | 503 | retry later |
    ///
    /// Later versions may add error codes. An error code that is not in the table has the status 500.
    public var httpStatus: Int {
        switch self.code {
        case .malformedCode, .invalidToken: 400
        case .destinationNotAllowed, .disabled, .humanCheckRequired: 403
        case .expired, .attemptsExhausted, .keyUnavailable: 410
        case .incorrectCode, .invalidProof: 422
        case .locked, .rateLimited, .blocked: 429
        case .deliveryFailed: 502
        case .storeUnavailable, .cancelled: 503
        default: 500
        }
    }

    /// The value for the `Retry-After` header in seconds, rounded up; `nil` if waiting does not help.
    ///
    /// The value is at least 1, so that a client never retries immediately.
    public var retryAfterSeconds: Int? {
        guard let wait = self.retryAfter else { return nil }
        let (seconds, attoseconds) = wait.components
        return max(1, Int(clamping: attoseconds > 0 && seconds < .max ? seconds + 1 : seconds))
    }
}
