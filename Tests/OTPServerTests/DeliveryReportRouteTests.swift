// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import NIOHTTP1
import OTP
import OTPTesting
import StrictJSON
import Synchronization
import Testing

@testable import OTPServer

#if Tracing
    import InMemoryTracing
    import Tracing
#endif

/// Tests of the route of delivery reports.
@Suite(.timeLimit(.minutes(2))) struct DeliveryReportRouteTests {
    private static let secret = "S3cret-of-the_path"
    private static let path = "/v1/delivery-reports/\(Self.secret)"

    /// A receiver that records the pushes.
    private final class Receiver: Sendable {
        private let stored = Mutex<[[UInt8]]>([])
        private let problem: HTTPProblem?

        init(throwing problem: HTTPProblem? = nil) { self.problem = problem }

        var pushes: [[UInt8]] { self.stored.withLock { $0 } }

        var routes: DeliveryReportRoutes {
            DeliveryReportRoutes(accepts: { $0 == DeliveryReportRouteTests.secret }, receive: self.receive)
        }

        private func receive(_ secret: String, _ body: [UInt8]) async throws(HTTPProblem) -> [UInt8] {
            self.stored.withLock { $0.append(body) }
            if let problem = self.problem { throw problem }
            return Array(#"{"code":0,"msg":"received"}"#.utf8)
        }
    }

    private static func run(
        _ receiver: Receiver?,
        logger: Logger? = nil,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let sms = RecordingSMSClient()
        let routes = OTPRoutes(otp: try .inMemory(sms: sms), keys: try TestServer.key.ring)
        try await TestServer.run(routes, reports: receiver?.routes, logger: logger) { port in
            try await body(TestServer(port: port, sms: sms))
        }
    }

    private static let push = Array(#"[{"MessageId":"1","Status":"1"}]"#.utf8)

    @Test func pushIsPassedOnAndAcknowledged() async throws {
        let receiver = Receiver()
        try await Self.run(receiver) { server async throws in
            for type in ["application/json;charset=utf-8", "application/json", "text/plain", nil] {
                let headers = type.map { [("content-type", $0)] } ?? []
                let reply = try await server.send(.POST, Self.path, headers, body: Self.push)
                #expect(reply.status == 200 && reply.json?["code"]?.int64 == 0, "\(reply.summary)")
                #expect(reply.headers.first(name: "content-type") == "application/json")
                #expect(reply.headers.first(name: "cache-control") == "no-store")
            }
        }
        #expect(receiver.pushes == Array(repeating: Self.push, count: 4))
    }

    @Test func wrongSecretIsAPathThatDoesNotExist() async throws {
        let receiver = Receiver()
        try await Self.run(receiver) { server async throws in
            let unknown = try await server.send(.POST, "/v1/unknown", body: Self.push)
            #expect(unknown.summary == "404 not-found")
            for path in [
                "/v1/delivery-reports", "/v1/delivery-reports/", Self.path.lowercased(), Self.path + "x",
                String(Self.path.dropLast()), "/v1/delivery-reports/x/\(Self.secret)", Self.path + "/x",
                "/v1/delivery-reports/{path-secret}",
            ] {
                let reply = try await server.send(.POST, path, body: Self.push)
                #expect(reply.summary == "404 not-found" && reply.body == unknown.body, "\(path) \(reply.summary)")
                #expect(Set(reply.headers.map { $0.name }) == Set(unknown.headers.map { $0.name }), "\(path)")
            }
            // Without the secret, nothing but the method is checked.
            let large = [UInt8](repeating: 0x20, count: DeliveryReportRoutes.maximumBodySize + 1)
            #expect(try await server.send(.POST, Self.path + "x?a=b", body: Self.push).body == unknown.body)
            #expect(try await server.send(.POST, Self.path + "x", body: large).status == 404)
        }
        #expect(receiver.pushes.isEmpty)
    }

    @Test func bodyWithoutTheSecretIsNotRead() async throws {
        try await Self.run(Receiver()) { server async throws in
            // A large body never comes, but the response does.
            let response = try await server.exchange(
                "POST \(Self.path)x HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n"
            )
            #expect(response.hasPrefix("HTTP/1.1 404 "), "\(response)")
        }
    }

    @Test func otherRequestsAreRefused() async throws {
        let receiver = Receiver()
        try await Self.run(receiver) { server async throws in
            #expect(try await server.send(.GET, Self.path).summary == "405 method-not-allowed")
            #expect(try await server.send(.PUT, Self.path, body: Self.push).summary == "405 method-not-allowed")
            #expect(try await server.send(.POST, Self.path + "?a=b", body: Self.push).summary == "400 invalid-request")
            let encoded = try await server.send(.POST, Self.path, [("content-encoding", "gzip")], body: Self.push)
            #expect(encoded.summary == "415 unsupported-media-type")
            let large = [UInt8](repeating: 0x20, count: DeliveryReportRoutes.maximumBodySize + 1)
            #expect(try await server.send(.POST, Self.path, body: large).summary == "413 content-too-large")
        }
        #expect(receiver.pushes.isEmpty)
    }

    @Test func largestBodyIsPassedOn() async throws {
        let receiver = Receiver()
        let body = [UInt8](repeating: 0x20, count: DeliveryReportRoutes.maximumBodySize)
        try await Self.run(receiver) { server async throws in
            #expect(try await server.send(.POST, Self.path, body: body).status == 200)
        }
        #expect(receiver.pushes == [body])
    }

    @Test(arguments: [HTTPProblem.Code.invalidRequest, .unavailable, .notFound])
    func problemOfTheReceiverIsTheResponse(code: HTTPProblem.Code) async throws {
        try await Self.run(Receiver(throwing: HTTPProblem(code))) { server async throws in
            let reply = try await server.send(.POST, Self.path, body: Self.push)
            #expect(reply.summary == "\(code.status) \(code)")
        }
    }

    @Test func routeDoesNotExistWithoutAReceiver() async throws {
        try await Self.run(nil) { server async throws in
            #expect(try await server.send(.POST, Self.path, body: Self.push).summary == "404 not-found")
            #expect(try await server.send(.GET, Self.path).summary == "404 not-found")
        }
    }

    @Test func logContainsTheTemplateOfThePathOnly() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        try await Self.run(Receiver(), logger: logger) { server async throws in
            _ = try await server.send(.POST, Self.path, body: Self.push)
            _ = try await server.send(.GET, Self.path)
            _ = try await server.send(.POST, Self.path + "?a", body: Self.push)
            _ = try await server.exchange("POST \(Self.path) HTTP/1.1\r\nhost: a\r\ntransfer-encoding: x\r\n\r\n")
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(log.contains("/v1/delivery-reports/{path-secret}"))
        #expect(!log.contains(Self.secret))
    }

    #if Tracing
        @Test func spanContainsTheTemplateOfThePathOnly() async throws {
            let tracer = InMemoryTracer()
            try await withTracer(tracer) {
                try await Self.run(Receiver()) { server async throws in
                    _ = try await server.send(.POST, Self.path, body: Self.push)
                }
            }
            let span = try #require(tracer.finishedSpans.first { $0.operationName.hasPrefix("POST ") })
            #expect(span.operationName == "POST /v1/delivery-reports/{path-secret}")
            var text = ""
            for span in tracer.finishedSpans { span.attributes.forEach { text += "\($0)=\($1) " } }
            #expect(!text.contains(Self.secret))
        }
    #endif
}
