// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import JSONOutput

extension OpenAPIDocument {
    /// The `paths` entries for ``AdminRoutes``.
    static var adminPaths: [(name: String, value: JSONText)] {
        AdminOperation.allCases.map { (name: $0.path, value: ["post": Self.operation($0)]) }
    }

    private static func operation(_ operation: AdminOperation) -> JSONText {
        var success: [(name: String, value: JSONText)] = [("description", .string(operation.successText))]
        if let schema = operation.schema {
            success.append(
                ("content", ["application/json": ["schema": ["$ref": .string("#/components/schemas/\(schema)")]]])
            )
        }
        let problems = Self.problems(AdminOperation.commonProblems + operation.problems)
        return [
            "operationId": .string(operation.name),
            "summary": .string(operation.summary),
            "description": "Requires an API key with the scope admin that is not limited to a tenant.",
            "requestBody": [
                "required": true, "content": ["application/json": ["schema": OpenAPISchemas.body(of: operation)]],
            ],
            "responses": .object([(name: "\(operation.success.code)", value: .object(success))] + problems),
        ]
    }
}

extension AdminOperation {
    fileprivate var name: String { "\(self)" }

    fileprivate var summary: String {
        switch self {
        case .guardStatus: "Returns modes, lockdowns, open breakers and budgets of the guard"
        case .guardReport: "Returns the effects of the guard's rules, and the conversion by region and block"
        case .guardLockdown: "Starts or ends a lockdown"
        case .guardSet: "Sets the mode of a rule"
        case .explainNumber: "Returns the limits of a number, and the rules that apply to it"
        case .explainDecision: "Returns the audit events of a decision of the guard"
        case .unlock: "Deletes the failed attempts of a number"
        case .revoke: "Revokes all device tokens of a number"
        }
    }

    fileprivate var successText: String {
        switch self {
        case .guardStatus: "The state of the guard"
        case .guardReport: "The counts of the days"
        case .guardLockdown: "The lockdown has started or ended in all processes"
        case .guardSet: "The mode is set for all processes"
        case .explainNumber: "The limits and the rules"
        case .explainDecision: "The events, the oldest first"
        case .unlock: "The failed attempts are deleted"
        case .revoke: "The device tokens are revoked"
        }
    }

    /// The name of the schema for a successful response; `nil` if the response has no body.
    fileprivate var schema: String? {
        switch self {
        case .guardStatus: "GuardStatus"
        case .guardReport: "GuardReport"
        case .guardLockdown: "Lockdown"
        case .guardSet: "RuleMode"
        case .explainNumber: "NumberExplanation"
        case .explainDecision: "DecisionEvents"
        case .unlock, .revoke: nil
        }
    }
}
