// SPDX-License-Identifier: Apache-2.0

extension HTTPProblem {
    /// The kind of a problem.
    public struct Code: Sendable, CustomStringConvertible {
        /// The name of the problem type, which is the last part of ``type``.
        public let description: String

        /// The stable URI of the problem type.
        public let type: String

        /// The HTTP status of the response.
        public let status: Int

        /// The short text of the problem type, which is the same in all responses.
        public let title: String

        /// The default explanation in a response.
        let detail: String

        /// The default value of `Retry-After` in seconds; `nil` if there is no default.
        ///
        /// The default applies if the exact wait is not known.
        let defaultRetryAfter: Int?

        private init(_ name: String, _ status: Int, _ title: String, _ detail: String, retryAfter: Int? = nil) {
            self.description = name
            self.type = "urn:swift-otp:problem:\(name)"
            self.status = status
            self.title = title
            self.detail = detail
            self.defaultRetryAfter = retryAfter
        }

        /// The request is malformed: its URL, a header, or its body is invalid.
        public static let invalidRequest = Self(
            "invalid-request",
            400,
            "The request is malformed",
            "Correct the request."
        )
        /// The member `number` of the body is not a phone number.
        public static let invalidNumber = Self(
            "invalid-number",
            400,
            "The number is invalid",
            "Send one phone number with its calling code."
        )
        /// The member `token` of the body is not a challenge token of this service.
        public static let invalidToken = Self(
            "invalid-token",
            400,
            "The token is malformed",
            "Send the token of the response to the first request."
        )
        /// The member `code` of the body does not have the format of a code, and no attempt was used.
        public static let malformedCode = Self(
            "malformed-code",
            400,
            "The code is malformed",
            "No attempt was used. Ask the user again."
        )
        /// The request has the header `Idempotency-Key`, but the server has no store for idempotency keys.
        public static let idempotencyUnsupported = Self(
            "idempotency-unsupported",
            400,
            "Idempotency-Key is not supported",
            "Repeat the request without the header."
        )
        /// The request has no valid API key.
        public static let unauthorized = Self(
            "unauthorized",
            401,
            "The API key is missing or invalid",
            "Send Authorization: Bearer with a valid API key."
        )
        /// The source has sent too many requests without a valid API key.
        ///
        /// Requests with a valid key are still accepted from the same source.
        public static let tooManyWrongKeys = Self(
            "too-many-wrong-keys",
            429,
            "There were too many wrong API keys",
            "Send Authorization: Bearer with a valid API key.",
            retryAfter: 60
        )
        /// The API key does not permit the request.
        public static let forbidden = Self(
            "forbidden",
            403,
            "The API key has no permission",
            "Use an API key with the scope and the tenant."
        )
        /// The policy does not permit messages to the phone number.
        public static let destinationNotAllowed = Self(
            "destination-not-allowed",
            403,
            "The service sends no codes to this number",
            "Use another number."
        )
        /// The phone number is disabled after too many consecutive failed attempts.
        public static let numberDisabled = Self(
            "number-disabled",
            403,
            "The number is disabled",
            "An operator must unlock the number."
        )
        /// The guard requires a human check: repeat the request with the response to the check.
        public static let humanCheckRequired = Self(
            "human-check-required",
            403,
            "A human check is required",
            "Repeat the request with client.humanCheckResponse."
        )
        /// No route has this path.
        public static let notFound = Self("not-found", 404, "There is no such path", "See /openapi.json for the paths.")
        /// The operation needs a guard, which limits abusive sends, but the service has no guard.
        public static let noGuard = Self(
            "no-guard",
            404,
            "The service has no guard",
            "Configure a guard to use this path."
        )
        /// The audit stream contains no event of the requested guard decision.
        public static let unknownDecision = Self(
            "unknown-decision",
            404,
            "The decision is unknown",
            "Send the ID of a decision in the audit stream."
        )
        /// The path does not support the method.
        public static let methodNotAllowed = Self(
            "method-not-allowed",
            405,
            "The path does not support the method",
            "See the header Allow."
        )
        /// The client sent the request too slowly.
        public static let requestTimeout = Self(
            "request-timeout",
            408,
            "The request took too long",
            "Send the request faster."
        )
        /// Another request with the same idempotency key is in progress.
        public static let idempotencyConflict = Self(
            "idempotency-conflict",
            409,
            "A request with the same Idempotency-Key is in progress",
            "Repeat the request.",
            retryAfter: 1
        )
        /// An earlier request with the same idempotency key had a different body.
        public static let idempotencyMismatch = Self(
            "idempotency-mismatch",
            422,
            "The Idempotency-Key was used with another body",
            "Use a new key for each new request."
        )
        /// No live challenge matches the request, or the key that protects the code is missing from the key ring.
        ///
        /// The response is the same for a missing key, and for expired, used, cancelled, exhausted and unknown challenges.
        public static let expired = Self("expired", 410, "No live code matches", "Request a new code.")
        /// The challenge has reached its maximum number of messages.
        public static let resendsExhausted = Self(
            "resends-exhausted",
            410,
            "The code was sent too often",
            "Request a new code."
        )
        /// The body is larger than 4 KiB.
        public static let contentTooLarge = Self(
            "content-too-large",
            413,
            "The body is too large",
            "A body has at most 4096 bytes."
        )
        /// The media type of the body is not `application/json`.
        public static let unsupportedMediaType = Self(
            "unsupported-media-type",
            415,
            "The body is not JSON",
            "Send Content-Type: application/json."
        )
        /// The code is wrong, and one attempt was used.
        public static let incorrectCode = Self("incorrect-code", 422, "The code is wrong", "Ask the user again.")
        /// The policy of the guard contains no rule with this name.
        public static let unknownRule = Self(
            "unknown-rule",
            422,
            "The guard has no such rule",
            "Use a rule of the response to guard/status."
        )
        /// The phone number is locked for some time after too many failed attempts.
        public static let locked = Self(
            "locked",
            429,
            "There were too many wrong codes for this number",
            "Wait until the lockout ends.",
            retryAfter: 60
        )
        /// Too many messages were sent to the phone number.
        public static let rateLimited = Self(
            "rate-limited",
            429,
            "There were too many messages to this number",
            "Wait before the next request.",
            retryAfter: 60
        )
        /// A rule of the guard refused the message for now.
        ///
        /// If the end of the refusal is not known, the response contains a constant wait, which does not reveal the rule.
        public static let blocked = Self(
            "blocked",
            429,
            "The service sends no message now",
            "Wait before the next request.",
            retryAfter: 600
        )
        /// The header fields of the request are too large.
        public static let headersTooLarge = Self(
            "headers-too-large",
            431,
            "The header fields are too large",
            "Send fewer or shorter header fields."
        )
        /// An unexpected error occurred in the server.
        public static let internalError = Self(
            "internal-error",
            500,
            "The server failed",
            "Report the time of the request to the operator."
        )
        /// The SMS gateway rejected the message.
        public static let deliveryFailed = Self(
            "delivery-failed",
            502,
            "The message was not sent",
            "Retry later, or offer another way."
        )
        /// The server cannot reach its store, or is not ready.
        public static let unavailable = Self(
            "unavailable",
            503,
            "The service is not available",
            "Retry later.",
            retryAfter: 5
        )

        /// All codes.
        public static let all: [Self] = [
            .invalidRequest, .invalidNumber, .invalidToken, .malformedCode, .idempotencyUnsupported, .unauthorized,
            .tooManyWrongKeys, .forbidden, .destinationNotAllowed, .numberDisabled, .humanCheckRequired, .notFound,
            .noGuard, .unknownDecision, .methodNotAllowed, .requestTimeout, .idempotencyConflict,
            .idempotencyMismatch, .expired, .resendsExhausted, .contentTooLarge, .unsupportedMediaType,
            .incorrectCode, .unknownRule, .locked, .rateLimited, .blocked, .headersTooLarge, .internalError,
            .deliveryFailed, .unavailable,
        ]
    }
}

extension HTTPProblem.Code: Hashable {
    /// Returns whether two codes have the same name.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.description) }
}
