// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// An operation that a client can request from ``OTPRoutes``.
///
/// The router, the parser of request bodies and the OpenAPI document all use this table.
enum Operation: String, CaseIterable, Sendable {
    case issue, check, resend, cancel, status

    /// The path of the operation's route, relative to the path of the router group.
    var path: String { self == .issue ? "/v1/verifications" : "/v1/verifications/\(self.rawValue)" }

    /// The scopes that permit the operation: an API key needs at least one of them.
    var scopes: [APIScope] {
        switch self {
        case .issue, .resend, .cancel: [.issue]
        case .check: [.verify]
        case .status: [.issue, .verify]
        }
    }

    /// The required members of the request body.
    var required: [Member] {
        switch self {
        case .issue: [.number, .purpose]
        case .check: [.number, .purpose, .token, .code]
        case .resend: [.number, .purpose, .token]
        case .cancel, .status: [.number, .token]
        }
    }

    /// The optional members of the request body.
    var optional: [Member] {
        switch self {
        case .issue, .resend: [.context, .locale, .tenant, .client]
        case .check: [.context, .tenant, .client]
        case .cancel, .status: [.tenant]
        }
    }

    /// The HTTP status of a successful response.
    var success: HTTPResponse.Status {
        switch self {
        case .issue: .created
        case .check, .status: .ok
        case .resend: .accepted
        case .cancel: .noContent
        }
    }

    /// Whether the operation sends a message, and so supports the header `Idempotency-Key`.
    var sends: Bool { self == .issue || self == .resend }

    /// The problems that this operation can cause, without ``commonProblems``.
    var problems: [HTTPProblem.Code] {
        let send: [HTTPProblem.Code] = [
            .idempotencyUnsupported, .idempotencyConflict, .idempotencyMismatch, .destinationNotAllowed,
            .numberDisabled, .humanCheckRequired, .locked,
            .rateLimited, .blocked, .deliveryFailed,
        ]
        switch self {
        case .issue: return send + [.expired]
        case .check: return [.invalidToken, .malformedCode, .numberDisabled, .expired, .incorrectCode, .locked]
        case .resend: return send + [.invalidToken, .expired, .resendsExhausted]
        case .cancel, .status: return [.invalidToken, .expired]
        }
    }

    /// The problems that every operation can cause.
    static let commonProblems: [HTTPProblem.Code] = [
        .invalidRequest, .invalidNumber, .unauthorized, .tooManyWrongKeys, .forbidden, .requestTimeout,
        .contentTooLarge, .unsupportedMediaType, .headersTooLarge, .internalError, .unavailable,
    ]
}
