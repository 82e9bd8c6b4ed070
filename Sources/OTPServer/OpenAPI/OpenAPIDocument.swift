// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import JSONOutput

/// The OpenAPI 3.1 document of all routes.
///
/// The document is generated from the tables of operations that the router and the parser of request bodies use.
enum OpenAPIDocument {
    /// The document as UTF-8 bytes.
    static let bytes = Self.document.bytes

    private static let document: JSONText = [
        "openapi": "3.1.0",
        "info": [
            "title": "swift-otp", "version": "1", "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            "description": .string(Self.description),
        ],
        "servers": [["url": "/"]],
        "security": [["apiKey": []]],
        "paths": .object(Self.paths),
        "components": [
            "securitySchemes": [
                "apiKey": [
                    "type": "http", "scheme": "bearer", "description": "An API key, as otp keys api prints it.",
                ]
            ],
            "schemas": OpenAPISchemas.everything,
        ],
    ]

    private static var paths: [(name: String, value: JSONText)] {
        var paths = Self.health
        for operation in Operation.allCases {
            paths.append((name: operation.path, value: ["post": Self.operation(operation)]))
        }
        paths += Self.adminPaths
        paths.append(Self.reportPath)
        return paths
    }

    private static let description = """
        Verification codes for phone numbers by text message. Every response with a status of 400 or above is a problem \
        document (RFC 9457). Unknown paths have the problem not-found, and other methods the problem method-not-allowed.
        """

    private static func operation(_ operation: Operation) -> JSONText {
        var responses: [(name: String, value: JSONText)] = [
            (name: "\(operation.success.code)", value: Self.success(operation))
        ]
        responses += Self.problems(Operation.commonProblems + operation.problems)
        let scopes = operation.scopes.map(\.description).joined(separator: " or ")
        return [
            "operationId": .string(operation.rawValue),
            "summary": .string(operation.summary),
            "description": .string("Requires an API key with the scope \(scopes)."),
            "requestBody": [
                "required": true, "content": ["application/json": ["schema": OpenAPISchemas.body(of: operation)]],
            ],
            "responses": .object(responses),
        ]
    }

    private static func success(_ operation: Operation) -> JSONText {
        let schema: String? =
            switch operation {
            case .issue, .resend: "Challenge"
            case .check: "Proof"
            case .status: "Status"
            case .cancel: nil
            }
        guard let schema else { return ["description": .string(operation.successText)] }
        return [
            "description": .string(operation.successText),
            "content": ["application/json": ["schema": ["$ref": .string("#/components/schemas/\(schema)")]]],
        ]
    }

    /// Returns one response object for each HTTP status of the given problems.
    ///
    /// - Parameters:
    ///   - codes: The kinds of the problems.
    ///   - hasBody: Whether the responses have a body; `false` for responses to `HEAD`.
    /// - Returns: The responses, keyed by status.
    static func problems(_ codes: [HTTPProblem.Code], hasBody: Bool = true) -> [(name: String, value: JSONText)] {
        Set(codes.map(\.status)).sorted()
            .map { status in
                let names = codes.filter { $0.status == status }.map(\.description).sorted()
                var response: [(name: String, value: JSONText)] = [
                    ("description", .string("Problem: \(names.joined(separator: ", "))"))
                ]
                if hasBody {
                    let content = JSONText.object([("schema", Self.problemSchema(names))])
                    response.append(("content", [HTTPProblem.mediaType: content]))
                }
                if status == 429 || status == 503 {
                    response.append(("headers", ["Retry-After": ["schema": ["type": "integer", "minimum": 1]]]))
                }
                if status == 401 {
                    response.append(("headers", ["WWW-Authenticate": ["schema": ["type": "string"]]]))
                }
                return (name: "\(status)", value: .object(response))
            }
    }

    private static func problemSchema(_ names: [String]) -> JSONText {
        [
            "allOf": [
                ["$ref": "#/components/schemas/Problem"],
                [
                    "properties": [
                        "type": ["enum": .array(names.map { .string("urn:swift-otp:problem:\($0)") })]
                    ]
                ],
            ]
        ]
    }

    private static let health: [(name: String, value: JSONText)] = [
        ("/livez", Self.get("livez", "Checks that the process handles requests", [])),
        ("/readyz", Self.get("readyz", "Checks that the server can serve requests", [.unavailable])),
        ("/openapi.json", Self.get("openapi", "Returns this document", [])),
    ]

    private static func get(_ name: String, _ summary: String, _ problems: [HTTPProblem.Code]) -> JSONText {
        let common: [HTTPProblem.Code] = [.invalidRequest, .requestTimeout, .headersTooLarge, .internalError]
        let ok: JSONText = [
            "description": "Success", "content": ["application/json": ["schema": ["type": "object"]]],
        ]
        let withoutBody: JSONText = ["description": "Success"]
        return [
            "get": [
                "operationId": .string(name), "summary": .string(summary), "security": [],
                "responses": .object([(name: "200", value: ok)] + Self.problems(common + problems)),
            ],
            "head": [
                "operationId": .string("\(name)-head"), "summary": .string("\(summary), without a body"),
                "security": [],
                "responses": .object(
                    [(name: "200", value: withoutBody)] + Self.problems(common + problems, hasBody: false)
                ),
            ],
        ]
    }
}

extension Operation {
    fileprivate var summary: String {
        switch self {
        case .issue: "Sends a new code"
        case .check: "Checks a code"
        case .resend: "Sends the code again"
        case .cancel: "Ends a challenge"
        case .status: "Returns the state of a challenge"
        }
    }

    fileprivate var successText: String {
        switch self {
        case .issue: "The code was sent, or may arrive"
        case .check: "The code is right, and the number is verified"
        case .resend: "The message was sent, or may arrive"
        case .cancel: "The challenge has ended"
        case .status: "The challenge is live"
        }
    }
}
