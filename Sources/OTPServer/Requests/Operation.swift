// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// An operation on verifications.
///
/// The router, the reader of bodies and the OpenAPI document share this table.
enum Operation: String, CaseIterable, Sendable {
    case issue, check, resend, cancel, status

    /// The path below the mount point.
    var path: String { self == .issue ? "/v1/verifications" : "/v1/verifications/\(self.rawValue)" }

    /// The scopes of API keys that permit the operation.
    var scopes: [APIScope] {
        switch self {
        case .issue, .resend, .cancel: [.issue]
        case .check: [.verify]
        case .status: [.issue, .verify]
        }
    }

    /// The members that the body must have.
    var required: [Member] {
        switch self {
        case .issue: [.number, .purpose]
        case .check: [.number, .purpose, .token, .code]
        case .resend: [.number, .purpose, .token]
        case .cancel, .status: [.number, .token]
        }
    }

    /// The members that the body may have.
    var optional: [Member] {
        switch self {
        case .issue, .resend: [.context, .locale, .tenant, .client]
        case .check: [.context, .tenant, .client]
        case .cancel, .status: [.tenant]
        }
    }

    /// The status of a success.
    var success: HTTPResponse.Status {
        switch self {
        case .issue: .created
        case .check, .status: .ok
        case .resend: .accepted
        case .cancel: .noContent
        }
    }

    /// Whether the operation sends a message.
    ///
    /// Only such an operation uses the idempotency key of a request.
    var sends: Bool { self == .issue || self == .resend }

    /// The problems of the operation, in addition to ``commonProblems``.
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

    /// The problems of every operation.
    static let commonProblems: [HTTPProblem.Code] = [
        .invalidRequest, .invalidNumber, .unauthorized, .tooManyWrongKeys, .forbidden, .requestTimeout,
        .contentTooLarge, .unsupportedMediaType, .headersTooLarge, .internalError, .unavailable,
    ]
}
