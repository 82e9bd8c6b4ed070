// SPDX-License-Identifier: Apache-2.0

import JSONOutput

/// The schemas of request and response bodies.
enum OpenAPISchemas {
    /// The schemas for the responses of ``OTPRoutes``.
    static let all: JSONText = [
        "Challenge": Self.object(required: [
            ("token", Self.text("The token that identifies the challenge in later requests. It is secret.")),
            ("challengeID", Self.text("The ID of the challenge in webhooks and audit events. It is not secret.")),
            ("expiresAt", Self.time), ("resendAllowedAt", Self.optionalTime), ("codeLength", Self.count),
            ("attemptsRemaining", Self.count),
        ]),
        "Status": Self.object(required: [
            ("readAt", Self.time), ("expiresAt", Self.time), ("resendAllowedAt", Self.optionalTime),
            ("codeLength", Self.count), ("attemptsRemaining", Self.count), ("sendCount", Self.count),
        ]),
        "Proof": Self.object(
            required: [
                ("proof", Self.text("The signed proof, which a service with the same keys can redeem once.")),
                ("expiresAt", Self.time),
            ],
            optional: [("deviceToken", Self.text("The token of the device, if the policy has a device lane."))]
        ),
        "Problem": Self.object(
            required: [
                ("type", ["type": "string", "format": "uri"]), ("title", ["type": "string"]),
                ("status", ["type": "integer"]), ("detail", ["type": "string"]),
            ],
            optional: [("retryAfter", Self.count), ("attemptsRemaining", Self.count)],
            isOpen: true
        ),
    ]

    /// Returns the schema of the request body of an operation.
    static func body(of operation: Operation) -> JSONText {
        func members(_ list: [Member]) -> [(String, JSONText)] { list.map { ($0.rawValue, self.schema(of: $0)) } }
        return self.object(required: members(operation.required), optional: members(operation.optional))
    }

    private static func schema(of member: Member) -> JSONText {
        switch member {
        case .number: ["type": "string", "examples": ["+65 9123 4567"]]
        case .purpose: ["type": "string", "pattern": "^[a-z0-9._-]{1,64}$", "examples": ["sign-in"]]
        case .locale: ["type": "string", "examples": ["en", "pt-BR"]]
        case .tenant: self.text("The tenant, if the API key can use it.")
        case .context: ["type": "array", "items": ["type": "string"]]
        case .token: self.text("The token of the response to the first request.")
        case .code: ["type": "string", "examples": ["123456"]]
        case .client:
            self.object(required: [], optional: Member.Client.allCases.map { ($0.rawValue, self.schema(of: $0)) })
        }
    }

    private static func schema(of member: Member.Client) -> JSONText {
        switch member {
        case .address: self.text("The IP address of the end user; by default the address of the connection.")
        case .deviceToken: self.text("The device token of an earlier verification.")
        case .knownNumber: ["type": "boolean", "description": "Whether this user has verified this number before."]
        case .humanCheckResponse: self.text("The response to a human check.")
        }
    }

    static func object(
        required: [(String, JSONText)],
        optional: [(String, JSONText)] = [],
        isOpen: Bool = false
    ) -> JSONText {
        var members: [(name: String, value: JSONText)] = [("type", "object")]
        if !required.isEmpty { members.append(("required", .array(required.map { .string($0.0) }))) }
        if !isOpen { members.append(("additionalProperties", false)) }
        members.append(("properties", .object((required + optional).map { (name: $0.0, value: $0.1) })))
        return .object(members)
    }

    static func text(_ description: String) -> JSONText {
        ["type": "string", "description": .string(description)]
    }

    static let count: JSONText = ["type": "integer", "minimum": 0]
    static let time: JSONText = ["type": "string", "format": "date-time"]
    private static let optionalTime: JSONText = ["type": ["string", "null"], "format": "date-time"]
}
