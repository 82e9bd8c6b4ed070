// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// An operation of an operator.
///
/// The router, the reader of bodies and the OpenAPI document share this table.
enum AdminOperation: String, CaseIterable, Sendable {
    case guardStatus = "guard/status"
    case guardReport = "guard/report"
    case guardLockdown = "guard/lockdown"
    case guardSet = "guard/set"
    case explainNumber = "explain-number"
    case explainDecision = "explain-decision"
    case unlock, revoke

    /// The path below the mount point.
    var path: String { "/v1/admin/\(self.rawValue)" }

    /// The members that the body must have.
    var required: [AdminMember] {
        switch self {
        case .guardStatus, .guardReport: []
        case .guardLockdown: [.state]
        case .guardSet: [.rule, .mode]
        case .explainNumber, .unlock, .revoke: [.number]
        case .explainDecision: [.decision]
        }
    }

    /// The members that the body may have.
    var optional: [AdminMember] {
        switch self {
        case .guardStatus: [.tenants, .purposes]
        case .guardReport: [.days, .blocks]
        case .guardLockdown: [.region, .seconds]
        case .explainNumber: [.address, .tenant, .purpose]
        case .guardSet, .explainDecision, .unlock, .revoke: []
        }
    }

    /// The status of a success.
    var success: HTTPResponse.Status {
        switch self {
        case .unlock, .revoke: .noContent
        default: .ok
        }
    }

    /// Whether the operation needs a guard.
    var needsGuard: Bool {
        switch self {
        case .guardStatus, .guardReport, .guardLockdown, .guardSet: true
        case .explainNumber, .explainDecision, .unlock, .revoke: false
        }
    }

    /// The problems of the operation, in addition to ``commonProblems``.
    var problems: [HTTPProblem.Code] {
        switch self {
        case .guardStatus, .guardReport, .guardLockdown: [.noGuard]
        case .guardSet: [.noGuard, .unknownRule]
        case .explainNumber, .unlock, .revoke: [.invalidNumber]
        case .explainDecision: [.unknownDecision]
        }
    }

    /// The problems of every operation.
    static let commonProblems: [HTTPProblem.Code] = [
        .invalidRequest, .unauthorized, .tooManyWrongKeys, .forbidden, .requestTimeout, .contentTooLarge,
        .unsupportedMediaType, .headersTooLarge, .internalError, .unavailable,
    ]
}
