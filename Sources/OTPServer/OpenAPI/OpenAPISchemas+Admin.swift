// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import OperatorReports

extension OpenAPISchemas {
    /// The named schemas of the OpenAPI document, which describe the responses of ``OTPRoutes`` and ``AdminRoutes``.
    static var everything: JSONText {
        guard case .object(let shared) = Self.all else { return .object(Self.admin) }
        return .object(shared + Self.admin)
    }

    /// Returns the schema of the request body of an operation.
    static func body(of operation: AdminOperation) -> JSONText {
        func members(_ list: [AdminMember]) -> [(String, JSONText)] { list.map { ($0.rawValue, self.schema(of: $0)) } }
        return self.object(required: members(operation.required), optional: members(operation.optional))
    }

    private static func schema(of member: AdminMember) -> JSONText {
        switch member {
        case .number: ["type": "string", "examples": ["+65 9123 4567"]]
        case .decision: ["type": "string", "examples": ["gS8Vb3aPqTOy0cZ2mXk1Lw"]]
        case .address: self.text("The IP address of a client, to include the rules of its network.")
        case .tenant: self.text("The tenant; default by default.")
        case .purpose: self.text("The purpose; registration by default.")
        case .tenants: self.names("Tenants to include. Tenants for which the policy sets a budget are always included.")
        case .purposes: self.names("Purposes of these tenants to include.")
        case .days: self.int(AdminFields.days, default: 1)
        case .blocks: self.int(AdminFields.blocks, default: 20)
        case .state: self.enumeration(["on", "off"])
        case .region: ["type": "string", "pattern": "^[A-Za-z]{2}$", "examples": ["SG"]]
        case .seconds: self.int(LockdownChange.durations, default: LockdownChange.defaultSeconds)
        case .rule: ["type": "string", "examples": ["unverified-block"]]
        case .mode: self.enumeration(ModeChange.modeNames)
        }
    }

    private static let admin: [(name: String, value: JSONText)] = [
        (
            "GuardStatus",
            Self.object(required: [
                ("time", Self.time), ("rules", Self.list(Self.ruleMode)), ("lockdowns", Self.list(Self.ruleState)),
                ("openBreakers", Self.list(Self.ruleState)), ("budgets", Self.list(Self.ruleState)),
            ])
        ),
        (
            "GuardReport",
            Self.object(required: [
                ("firstDay", Self.day), ("lastDay", Self.day), ("sent", Self.sum), ("verified", Self.count),
                ("rules", Self.list(Self.ruleEffect)), ("regions", Self.list(Self.conversion)),
                ("blocks", Self.list(Self.conversion)),
            ])
        ),
        (
            "Lockdown",
            Self.object(
                required: [("lockdown", Self.enumeration(["on", "off"]))],
                optional: [
                    ("region", Self.string), ("seconds", Self.count),
                    ("warning", Self.text("The reason why the lockdown has no effect.")),
                ]
            )
        ),
        (
            "RuleMode",
            Self.object(required: [
                ("rule", Self.string), ("mode", Self.string), ("policyMode", Self.string), ("version", Self.count),
            ])
        ),
        (
            "NumberExplanation",
            Self.object(
                required: [
                    ("to", Self.text("The masked number.")), ("time", Self.time), ("limits", Self.list(Self.limit)),
                    ("rules", Self.list(Self.appliedRule)),
                ],
                optional: [("deviceLimits", Self.list(Self.limit))]
            )
        ),
        ("DecisionEvents", Self.object(required: [("events", Self.list(Self.event))])),
    ]

    private static let ruleMode = Self.object(
        required: [("rule", Self.string), ("mode", Self.string)],
        optional: [("policyMode", Self.text("The mode in the policy, if another mode was set at run time."))]
    )

    private static let ruleState = Self.object(
        required: [
            ("rule", Self.string), ("name", Self.text("The tenant, the region or the block; empty for the service.")),
            ("mode", Self.string), ("used", Self.count), ("allowed", Self.count),
        ],
        optional: [("freesAt", Self.time)]
    )

    private static let ruleEffect = Self.object(required: [
        ("rule", Self.string), ("effect", Self.string), ("count", Self.count),
        ("regions", ["type": "object", "additionalProperties": Self.count]),
    ])

    private static let conversion = Self.object(required: [
        ("name", Self.string), ("sent", Self.sum), ("verified", Self.count),
    ])

    private static let limit = Self.object(
        required: [("name", Self.string), ("used", Self.count), ("refuses", ["type": "boolean"])],
        optional: [("windowSeconds", Self.count), ("allowed", Self.count), ("refusesUntil", Self.time)]
    )

    private static let appliedRule = Self.object(
        required: [
            ("rule", Self.string), ("mode", Self.string), ("used", Self.count), ("allowed", Self.count),
            ("isReached", ["type": "boolean"]),
        ],
        optional: [("freesAt", Self.time)]
    )

    private static let event = Self.object(required: [
        ("kind", Self.string), ("time", Self.time),
        ("values", ["type": "object", "additionalProperties": Self.string]),
    ])

    private static let string: JSONText = ["type": "string"]
    private static let day: JSONText = ["type": "string", "format": "date"]
    /// The schema of a daily sum.
    ///
    /// A send that the gateway rejects is subtracted again, sometimes on the next day. A sum can therefore be negative.
    private static let sum: JSONText = ["type": "integer"]

    private static func list(_ element: JSONText) -> JSONText { ["type": "array", "items": element] }

    private static func names(_ description: String) -> JSONText {
        [
            "type": "array", "items": Self.string, "maxItems": .int(AdminFields.mostNames),
            "description": .string(description),
        ]
    }

    private static func int(_ range: ClosedRange<Int>, default value: Int) -> JSONText {
        [
            "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
            "default": .int(value),
        ]
    }

    private static func enumeration(_ values: [String]) -> JSONText {
        ["type": "string", "enum": .array(values.map { .string($0) })]
    }
}
