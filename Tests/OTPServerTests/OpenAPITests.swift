// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import StrictJSON
import Testing

@testable import OTPServer

/// Tests that the OpenAPI document describes all routes and no others.
@Suite(.timeLimit(.minutes(2))) struct OpenAPITests {
    private static func document() throws -> JSON { try JSON(parsing: OpenAPIDocument.bytes, rules: .ownFormat) }

    /// Returns the documented operations, such as `POST /v1/verifications`.
    private static func operations() throws -> [String: JSON] {
        var operations: [String: JSON] = [:]
        for (path, methods) in try #require(try Self.document()["paths"]?.object) {
            for (method, operation) in try #require(methods.object) {
                operations["\(method.uppercased()) \(path)"] = operation
            }
        }
        return operations
    }

    @Test func eachRouteIsDocumentedAndEachOperationIsARoute() async throws {
        let sms = RecordingSMSClient()
        let otp = try OTPService.inMemory(sms: sms)
        let routes = OTPRoutes(otp: otp, keys: try TestServer.key.ring)
        let admin = AdminRoutes(routes, audit: InMemoryAuditHistory())
        let reports = DeliveryReportRoutes(accepts: { _ in true }, receive: { _, _ in Array("{}".utf8) })
        let service = OTPHTTPService(routes: routes, admin: admin, reports: reports, port: 0, isReady: { true })
        let router = service.router
        // All other methods of these paths respond with 405.
        let operations = Set(try Self.operations().keys)
        let paths = Set(router.routes.map { "\($0.path)" })
        #expect(paths == Set(operations.compactMap { $0.split(separator: " ").last.map(String.init) }))
        try await AdminServer.run(reports: reports) { admin async throws in
            let server = admin.server
            // The client cannot send CONNECT to a path.
            for route in router.routes where route.method != .connect {
                let method = HTTPMethod(rawValue: route.method.rawValue)
                let status = try await server.send(method, "\(route.path)").status
                #expect((status != 405) == operations.contains("\(route.method.rawValue) \(route.path)"), "\(route)")
            }
        }
    }

    @Test func documentedStatusesAreThoseOfTheTable() throws {
        let operations = try Self.operations()
        for operation in Operation.allCases {
            let responses = try #require(operations["POST \(operation.path)"]?["responses"]?.object)
            let problems = Operation.commonProblems + operation.problems
            let statuses = [operation.success.code] + problems.map(\.status)
            #expect(Set(responses.keys) == Set(statuses.map { "\($0)" }))
            for status in ["429", "503"] {
                guard let response = responses[status] else { continue }
                #expect(response["headers"]?["Retry-After"] != nil, "\(operation) \(status)")
            }
        }
    }

    @Test func everyProblemIsDocumentedForAnOperationOrForEveryPath() {
        let documented =
            Operation.allCases.flatMap(\.problems) + Operation.commonProblems
            + AdminOperation.allCases.flatMap(\.problems) + AdminOperation.commonProblems
            + DeliveryReportRoutes.problems
        #expect(Set(documented).union([.methodNotAllowed]) == Set(HTTPProblem.Code.all))
    }

    @Test func everyErrorOfTheServiceHasADocumentedProblem() {
        let documented = Set(Operation.allCases.flatMap(\.problems) + Operation.commonProblems)
        // No operation redeems a proof, so its error would be unexpected.
        for code in OTPError.Code.all { #expect(documented.contains(HTTPProblem(OTPError(code, "")).code), "\(code)") }
    }

    @Test func documentIsServedWithTheMembersOfEachBody() async throws {
        try await TestServer.run { server async throws in
            let reply = try await server.send(.GET, "/openapi.json")
            #expect(reply.status == 200 && reply.headers.first(name: "content-type") == "application/json")
            #expect(reply.json?["openapi"]?.string == "3.1.0")
        }
        let operations = try Self.operations()
        for operation in Operation.allCases {
            let body = operations["POST \(operation.path)"]?["requestBody"]?["content"]?["application/json"]?["schema"]
            let required = Set(operation.required.map(\.rawValue))
            #expect(body?["required"]?.strings.map(Set.init) == required)
            #expect(body?["additionalProperties"]?.bool == false)
            let names = required.union(operation.optional.map(\.rawValue))
            #expect(body?["properties"]?.object.map { Set($0.keys) } == names)
        }
    }

    @Test func everyReferenceExists() throws {
        let document = try Self.document()
        func references(_ json: JSON) -> [String] {
            switch json {
            case .array(let elements): elements.flatMap(references)
            case .object(let members): members["$ref"]?.string.map { [$0] } ?? members.values.flatMap(references)
            default: []
            }
        }
        let names = Set(references(document))
        #expect(!names.isEmpty)
        for name in names {
            let target = name.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] }
            #expect(target?.object != nil, "\(name)")
        }
    }

    /// Tests that the bodies of responses have exactly the documented members.
    @Test func responsesHaveTheDocumentedMembers() async throws {
        let schemas = try #require(try Self.document()["components"]?["schemas"])
        func members(_ schema: String, _ list: String) -> Set<String> {
            let required = Set(schemas[schema]?["required"]?.strings ?? [])
            return list == "required" ? required : Set(schemas[schema]?["properties"]?.object?.keys.map(\.self) ?? [])
        }
        func expect(_ reply: Reply, _ schema: String) {
            let names = Set(reply.json?.object?.keys.map(\.self) ?? [])
            #expect(names.isSuperset(of: members(schema, "required")), "\(names)")
            #expect(names.isSubset(of: members(schema, "properties")), "\(names)")
        }
        try await TestServer.run(policy: { $0.deviceLane = DeviceLane() }) { server async throws in
            let call = #""number":"\#(TestServer.number)","purpose":"a""#
            let issued = try await server.post("issue", "{\(call)}", [("idempotency-key", "0123456789abcdef")])
            expect(issued, "Challenge")
            expect(try await server.post("issue", "{\(call)}", [("idempotency-key", "0123456789abcdef")]), "Challenge")
            let token = try #require(issued["token"])
            expect(
                try await server.post("status", #"{"number":"\#(TestServer.number)","token":"\#(token)"}"#),
                "Status"
            )
            let code = try #require(server.code)
            expect(
                try await server.post("check", #"{\#(call),"token":"\#(token)","code":"\#(wrong(code))"}"#),
                "Problem"
            )
            expect(try await server.post("check", #"{\#(call),"token":"\#(token)","code":"\#(code)"}"#), "Proof")
            expect(try await server.post("issue", "", key: nil), "Problem")
        }
    }
}
