// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// An operation that an operator can request over HTTP.
///
/// The router, the parser of request bodies and the OpenAPI document all use this enumeration.
enum AdminOperation: String, CaseIterable, Sendable {
    case guardStatus = "guard/status"
    case guardReport = "guard/report"
    case guardLockdown = "guard/lockdown"
    case guardSet = "guard/set"
    case explainNumber = "explain-number"
    case explainDecision = "explain-decision"
    case unlock, revoke

    /// The path of the operation's route, relative to the path of the router group.
    var path: String { "/v1/admin/\(self.rawValue)" }

    /// The required members of the request body.
    var required: [AdminMember] {
        switch self {
        case .guardStatus, .guardReport: []
        case .guardLockdown: [.state]
        case .guardSet: [.rule, .mode]
        case .explainNumber, .unlock, .revoke: [.number]
        case .explainDecision: [.decision]
        }
    }

    /// The optional members of the request body.
    var optional: [AdminMember] {
        switch self {
        case .guardStatus: [.tenants, .purposes]
        case .guardReport: [.days, .blocks]
        case .guardLockdown: [.region, .seconds]
        case .explainNumber: [.address, .tenant, .purpose]
        case .guardSet, .explainDecision, .unlock, .revoke: []
        }
    }

    /// The HTTP status of a successful response.
    var success: HTTPResponse.Status {
        switch self {
        case .unlock, .revoke: .noContent
        default: .ok
        }
    }

    /// Whether the operation fails if the service has no guard.
    var needsGuard: Bool {
        switch self {
        case .guardStatus, .guardReport, .guardLockdown, .guardSet: true
        case .explainNumber, .explainDecision, .unlock, .revoke: false
        }
    }

    /// The problems that this operation can cause, without ``commonProblems``.
    var problems: [HTTPProblem.Code] {
        switch self {
        case .guardStatus, .guardReport, .guardLockdown: [.noGuard]
        case .guardSet: [.noGuard, .unknownRule]
        case .explainNumber, .unlock, .revoke: [.invalidNumber]
        case .explainDecision: [.unknownDecision]
        }
    }

    /// The problems that every operation can cause.
    static let commonProblems: [HTTPProblem.Code] = [
        .invalidRequest, .unauthorized, .tooManyWrongKeys, .forbidden, .requestTimeout, .contentTooLarge,
        .unsupportedMediaType, .headersTooLarge, .internalError, .unavailable,
    ]
}
