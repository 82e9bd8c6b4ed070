// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import JSONOutput

extension OpenAPIDocument {
    /// The `paths` entry for ``DeliveryReportRoutes``.
    static var reportPath: (name: String, value: JSONText) {
        (name: DeliveryReportRoutes.path, value: ["post": Self.reportOperation])
    }

    private static var reportOperation: JSONText {
        let success: JSONText = [
            "description": "The reports were received",
            "content": [
                "application/json": [
                    "schema": OpenAPISchemas.object(
                        required: [("code", OpenAPISchemas.count), ("msg", ["type": "string"])]
                    )
                ]
            ],
        ]
        return [
            "operationId": "deliveryReports",
            "summary": "Receives delivery reports of the SMS gateway",
            "description": "Exists only if the server has a secret for the path. The gateway sends no API key.",
            "security": [],
            "parameters": [
                [
                    "name": .string(DeliveryReportRoutes.parameter), "in": "path", "required": true,
                    "description": "The secret of the path.",
                    "schema": ["type": "string", "pattern": "^[A-Za-z0-9_-]{16,128}$"],
                ]
            ],
            "requestBody": [
                "required": true,
                "content": ["application/json": ["schema": ["type": "array", "items": ["type": "object"]]]],
            ],
            "responses": .object([(name: "200", value: success)] + Self.problems(DeliveryReportRoutes.problems)),
        ]
    }
}

extension DeliveryReportRoutes {
    /// The problems that a request with delivery reports can cause.
    static let problems: [HTTPProblem.Code] = [
        .invalidRequest, .notFound, .requestTimeout, .contentTooLarge, .unsupportedMediaType, .headersTooLarge,
        .internalError, .unavailable,
    ]
}
