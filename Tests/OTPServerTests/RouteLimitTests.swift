// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import StrictJSON
import Testing

@testable import OTPServer

/// Tests that no route lets an attacker repeat a request without a limit (T6).
@Suite(.timeLimit(.minutes(2))) struct RouteLimitTests {
    /// A documented method of a path.
    private struct Route: Hashable {
        var method: String
        var path: String

        /// Whether the route needs an API key.
        var needsKey: Bool
        /// Whether the document lists a response with the status 429.
        var hasLimit: Bool
    }

    private static let secret = "S3cret-of-the_path"

    /// Returns the routes of the OpenAPI document.
    private static func routes() throws -> [Route] {
        let document = try JSON(parsing: OpenAPIDocument.bytes, rules: .ownFormat)
        let paths = try #require(document["paths"]?.object)
        return
            try paths.flatMap { path, methods in
                try #require(methods.object)
                    .map { method, operation in
                        Route(
                            method: method.uppercased(),
                            path: path,
                            needsKey: operation["security"]?.array?.isEmpty != true,
                            hasLimit: operation["responses"]?["429"] != nil
                        )
                    }
            }
            .sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }

    /// Runs a server with all routes of the document.
    private static func run(_ body: (TestServer) async throws -> Void) async throws {
        let sms = RecordingSMSClient()
        var routes = OTPRoutes(otp: try .inMemory(sms: sms), keys: try TestServer.key.ring)
        // The window of the limit must not end during a test on a slow machine.
        routes.wrongKeys = WrongKeyLimit(now: { 0 })
        let admin = AdminRoutes(routes, audit: InMemoryAuditHistory())
        let reports = DeliveryReportRoutes(accepts: { $0 == Self.secret }, receive: { _, _ in Array("{}".utf8) })
        try await TestServer.run(routes, admin: admin, reports: reports) { port in
            try await body(TestServer(port: port, sms: sms))
        }
    }

    @Test(
        "T6: each documented route limits requests with wrong API keys, has a secret path, or returns a fixed response"
    )
    func everyRouteIsLimitedWithoutAKey() async throws {
        let routes = try Self.routes()
        let keyed = routes.filter(\.needsKey)
        #expect(keyed.count == Operation.allCases.count + AdminOperation.allCases.count)
        #expect(routes.filter(\.hasLimit) == keyed)
        let fixed = HealthRoutes.paths.flatMap { ["GET \($0)", "HEAD \($0)"] }
        let open = routes.filter { !$0.needsKey }.map { "\($0.method) \($0.path)" }
        #expect(Set(open) == Set(fixed + ["POST \(DeliveryReportRoutes.path)"]))
        try await Self.run { server async throws in
            func send(_ route: Route) async throws -> Reply {
                let headers = [("authorization", "Bearer ak1.both.wrong"), ("content-type", "application/json")]
                return try await server.send(.init(rawValue: route.method), route.path, headers, body: Array("{}".utf8))
            }
            // All routes share the limit. If a route did not count, the limit would come later.
            for number in 0..<WrongKeyLimit.maximum {
                let route = keyed[number % keyed.count]
                #expect(try await send(route).summary == "401 unauthorized", "\(route)")
            }
            for route in keyed {
                let reply = try await send(route)
                #expect(reply.summary == "429 too-many-wrong-keys", "\(route)")
                #expect(reply.headers.first(name: "retry-after") != nil)
            }
            // Without the secret, the path of delivery reports does not exist.
            let path = DeliveryReportRoutes.path.replacing("{\(DeliveryReportRoutes.parameter)}", with: "guess")
            #expect(try await server.send(.POST, path, body: Array("[]".utf8)).summary == "404 not-found")
        }
    }

    /// The operations with a limit for each phone number, according to their documented problems.
    private static let limited: [Operation] = Operation.allCases.filter { operation in
        operation.problems.contains(.rateLimited) || operation.problems.contains(.locked)
    }

    @Test func routesThatSendOrCompareCodesAreLimitedWithAKey() async throws {
        #expect(Self.limited == [.issue, .check, .resend])
        let change = { @Sendable (policy: inout OTPPolicy) in
            policy.limits.cooldown = [.seconds(3600)]
            policy.limits.failures = [WindowLimit(2, per: .seconds(3600))]
        }
        try await TestServer.run(policy: change) { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            func expectLimit(_ operation: Operation, _ summary: String) async throws {
                let call = #""number":"\#(TestServer.number)","purpose":"sign-in""#
                let members = operation.required.contains(.token) ? #","token":"\#(token)""# : ""
                let guess = operation.required.contains(.code) ? #","code":"\#(wrong(code))""# : ""
                let reply = try await server.post(operation.rawValue, "{\(call)\(members)\(guess)}")
                #expect(reply.summary == summary, "\(operation)")
                #expect(reply.headers.first(name: "retry-after") != nil)
            }
            for operation in Self.limited where operation != .check {
                try await expectLimit(operation, "429 rate-limited")
            }
            for _ in 0..<2 { #expect(try await server.check(wrong(code), token).summary == "422 incorrect-code") }
            try await expectLimit(.check, "429 locked")
            #expect(server.sms.messages.count == 1)
        }
    }

    @Test func otherRoutesNeitherSendNorUseAttempts() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let unknown = "v1." + String(repeating: "A", count: 43)
            for operation in Operation.allCases where !Self.limited.contains(operation) {
                let body = #"{"number":"\#(TestServer.number)","token":"\#(unknown)"}"#
                for _ in 0..<20 { #expect(try await server.post(operation.rawValue, body).summary == "410 expired") }
            }
            let body = #"{"number":"\#(TestServer.number)","token":"\#(token)"}"#
            for _ in 0..<20 {
                #expect(try await server.post("status", body).json?["attemptsRemaining"]?.int64 == 5)
            }
            #expect(server.sms.messages.count == 1)
        }
    }
}
