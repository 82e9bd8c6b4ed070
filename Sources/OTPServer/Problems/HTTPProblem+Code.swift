// SPDX-License-Identifier: Apache-2.0

extension HTTPProblem {
    /// The kind of a problem.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case invalidRequest = "invalid-request"
            case invalidNumber = "invalid-number"
            case invalidToken = "invalid-token"
            case malformedCode = "malformed-code"
            case idempotencyUnsupported = "idempotency-unsupported"
            case unauthorized
            case tooManyWrongKeys = "too-many-wrong-keys"
            case forbidden
            case destinationNotAllowed = "destination-not-allowed"
            case numberDisabled = "number-disabled"
            case humanCheckRequired = "human-check-required"
            case notFound = "not-found"
            case noGuard = "no-guard"
            case unknownDecision = "unknown-decision"
            case methodNotAllowed = "method-not-allowed"
            case requestTimeout = "request-timeout"
            case idempotencyConflict = "idempotency-conflict"
            case idempotencyMismatch = "idempotency-mismatch"
            case expired
            case resendsExhausted = "resends-exhausted"
            case contentTooLarge = "content-too-large"
            case unsupportedMediaType = "unsupported-media-type"
            case incorrectCode = "incorrect-code"
            case unknownRule = "unknown-rule"
            case locked
            case rateLimited = "rate-limited"
            case blocked
            case headersTooLarge = "headers-too-large"
            case internalError = "internal-error"
            case deliveryFailed = "delivery-failed"
            case unavailable
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The request is malformed: its URL, a header, its body or a member of the body is invalid.
        public static let invalidRequest = Self(.invalidRequest)
        /// The member `number` of the body is not a phone number.
        public static let invalidNumber = Self(.invalidNumber)
        /// The member `token` of the body is not a challenge token of this service.
        public static let invalidToken = Self(.invalidToken)
        /// The member `code` of the body does not have the format of a code of this service.
        ///
        /// The request used no attempt.
        public static let malformedCode = Self(.malformedCode)
        /// The request has the header `Idempotency-Key`, but the server has no store for idempotency keys.
        public static let idempotencyUnsupported = Self(.idempotencyUnsupported)
        /// The request has no valid API key.
        public static let unauthorized = Self(.unauthorized)
        /// The source has sent too many requests without a valid API key.
        ///
        /// Requests with a valid key from the same source are not affected.
        public static let tooManyWrongKeys = Self(.tooManyWrongKeys)
        /// The API key does not permit the request.
        public static let forbidden = Self(.forbidden)
        /// The policy does not permit messages to the phone number.
        public static let destinationNotAllowed = Self(.destinationNotAllowed)
        /// The phone number is disabled after too many consecutive failed attempts.
        public static let numberDisabled = Self(.numberDisabled)
        /// The guard requires a human check.
        ///
        /// The client must repeat the request with the response to the check.
        public static let humanCheckRequired = Self(.humanCheckRequired)
        /// No route has the path of the request.
        public static let notFound = Self(.notFound)
        /// The operation needs a guard, but the service has no guard.
        public static let noGuard = Self(.noGuard)
        /// The audit stream contains no event of the requested decision.
        public static let unknownDecision = Self(.unknownDecision)
        /// The path does not support the method.
        public static let methodNotAllowed = Self(.methodNotAllowed)
        /// The client sent the request too slowly.
        public static let requestTimeout = Self(.requestTimeout)
        /// Another request with the same idempotency key is in progress.
        public static let idempotencyConflict = Self(.idempotencyConflict)
        /// An earlier request with the same idempotency key had a different body.
        public static let idempotencyMismatch = Self(.idempotencyMismatch)
        /// There is no live challenge with the given token.
        ///
        /// Expired, used, cancelled, exhausted and unknown challenges all cause the same response with this code.
        public static let expired = Self(.expired)
        /// The maximum number of messages for the challenge was already sent.
        public static let resendsExhausted = Self(.resendsExhausted)
        /// The body is larger than 4 KiB.
        public static let contentTooLarge = Self(.contentTooLarge)
        /// The media type of the body is not `application/json`.
        public static let unsupportedMediaType = Self(.unsupportedMediaType)
        /// The code is wrong.
        ///
        /// The request used one attempt.
        public static let incorrectCode = Self(.incorrectCode)
        /// The policy of the guard contains no rule with this name.
        public static let unknownRule = Self(.unknownRule)
        /// The phone number is locked for some time, because of too many failed attempts.
        public static let locked = Self(.locked)
        /// Too many messages were sent to the phone number.
        public static let rateLimited = Self(.rateLimited)
        /// A rule of the guard refused the message for now.
        public static let blocked = Self(.blocked)
        /// The header fields of the request are too large.
        public static let headersTooLarge = Self(.headersTooLarge)
        /// An unexpected error occurred in the server.
        public static let internalError = Self(.internalError)
        /// The SMS gateway rejected the message.
        public static let deliveryFailed = Self(.deliveryFailed)
        /// The server cannot reach its store, or is not ready.
        public static let unavailable = Self(.unavailable)

        /// All codes in this version.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The stable URI of the problem type.
        public var type: String { "urn:swift-otp:problem:\(self.base.rawValue)" }

        /// The name of the problem type, which is the last part of ``type``.
        public var description: String { self.base.rawValue }

        /// The HTTP status of the response.
        public var status: Int { self.entry.status }

        /// The short text of the problem type, which is the same in all responses with this code.
        public var title: String { self.entry.title }

        /// The explanation that a response contains by default.
        var detail: String { self.entry.detail }

        /// The default of the header `Retry-After` in seconds, for an error whose exact wait is not known; `nil` if there is no
        /// default.
        var defaultRetryAfter: Int? {
            switch self.base {
            case .unavailable: 5
            // The default applies if the end of the block is not known. It is the same for all rules, so it does not reveal
            // which rule refused.
            case .blocked: 600
            case .locked, .rateLimited, .tooManyWrongKeys: 60
            case .idempotencyConflict: 1
            default: nil
            }
        }

        private var entry: (status: Int, title: String, detail: String) {
            Self.requestEntries[self.base] ?? Self.serviceEntries[self.base] ?? Self.adminEntries[self.base]
                ?? (500, "The server failed", "Report the time of the request to the operator.")
        }

        private static let requestEntries: [Base: (status: Int, title: String, detail: String)] = [
            .invalidRequest: (400, "The request is malformed", "Correct the request."),
            .invalidNumber: (400, "The number is invalid", "Send one phone number with its calling code."),
            .invalidToken: (400, "The token is malformed", "Send the token of the response to the first request."),
            .malformedCode: (400, "The code is malformed", "No attempt was used. Ask the user again."),
            .idempotencyUnsupported: (
                400, "Idempotency-Key is not supported", "Repeat the request without the header."
            ),
            .unauthorized: (401, "The API key is missing or invalid", "Send Authorization: Bearer with an API key."),
            .tooManyWrongKeys: (
                429, "There were too many wrong API keys", "Send Authorization: Bearer with a valid API key."
            ),
            .forbidden: (403, "The API key has no permission", "Use an API key with the scope and the tenant."),
            .notFound: (404, "There is no such path", "See /openapi.json for the paths."),
            .methodNotAllowed: (405, "The path does not support the method", "See the header Allow."),
            .requestTimeout: (408, "The request took too long", "Send the request faster."),
            .idempotencyConflict: (
                409, "A request with the same Idempotency-Key is in progress", "Repeat the request."
            ),
            .idempotencyMismatch: (
                422, "The Idempotency-Key was used with another body", "Use a new key for each new request."
            ),
            .contentTooLarge: (413, "The body is too large", "A body has at most 4096 bytes."),
            .unsupportedMediaType: (415, "The body is not JSON", "Send Content-Type: application/json."),
            .headersTooLarge: (431, "The header fields are too large", "Send fewer or shorter header fields."),
        ]

        private static let adminEntries: [Base: (status: Int, title: String, detail: String)] = [
            .noGuard: (404, "The service has no guard", "Configure a guard to use this path."),
            .unknownDecision: (404, "The decision is unknown", "Send the ID of a decision in the audit stream."),
            .unknownRule: (422, "The guard has no such rule", "Use a rule of the response to guard/status."),
        ]

        private static let serviceEntries: [Base: (status: Int, title: String, detail: String)] = [
            .destinationNotAllowed: (403, "The service sends no codes to this number", "Use another number."),
            .numberDisabled: (403, "The number is disabled", "An operator must unlock the number."),
            .humanCheckRequired: (
                403, "A human check is required", "Repeat the request with client.humanCheckResponse."
            ),
            .expired: (410, "No live code matches", "Request a new code."),
            .resendsExhausted: (410, "The code was sent too often", "Request a new code."),
            .incorrectCode: (422, "The code is wrong", "Ask the user again."),
            .locked: (429, "There were too many wrong codes for this number", "Wait until the lockout ends."),
            .rateLimited: (429, "There were too many messages to this number", "Wait before the next request."),
            .blocked: (429, "The service sends no message now", "Wait before the next request."),
            .internalError: (500, "The server failed", "Report the time of the request to the operator."),
            .deliveryFailed: (502, "The message was not sent", "Retry later, or offer another way."),
            .unavailable: (503, "The service is not available", "Retry later."),
        ]
    }
}
