// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import JSONOutput
import Logging
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import StrictJSON
import Testing

@testable import OTPServer

/// Tests that every error is a documented problem document (REQ-58, REQ-59).
@Suite(.timeLimit(.minutes(2))) struct ProblemTests {
    @Test func statusOfEachErrorIsThatOfTheService() {
        // No operation redeems a proof.
        for code in OTPError.Code.all where code != .invalidProof {
            var error = OTPError(code, "a message")
            if [.locked, .rateLimited, .blocked].contains(code) { error.retryAfter = .milliseconds(1500) }
            let problem = HTTPProblem(error)
            #expect(problem.code.status == error.httpStatus, "\(code)")
            #expect(problem.detail != error.message)
            let hasWait = [429, 503].contains(problem.code.status)
            #expect((problem.retryAfter != nil) == hasWait, "\(code)")
            if error.retryAfter != nil { #expect(problem.retryAfter == 2) }
        }
        #expect(HTTPProblem(OTPError(.rateLimited, "")).code == .resendsExhausted)
        #expect(HTTPProblem(OTPError(.blocked, "")).retryAfter == 600)
    }

    @Test func everyCodeHasItsOwnTypeAndTitle() {
        let codes = HTTPProblem.Code.all
        #expect(Set(codes.map(\.type)).count == codes.count && Set(codes.map(\.title)).count == codes.count)
        for code in codes {
            #expect((400...599).contains(code.status) && code.title != "The server failed" || code == .internalError)
            let hasWait = [429, 503].contains(code.status)
            #expect(HTTPProblem(code).retryAfter != nil || !hasWait, "\(code)")
        }
    }

    @Test func documentIsThatOfTheStandard() throws {
        var problem = HTTPProblem(.incorrectCode)
        problem.attemptsRemaining = 4
        let text = String(decoding: problem.document.bytes, as: UTF8.self)
        #expect(
            text == #"{"type":"urn:swift-otp:problem:incorrect-code","title":"The code is wrong","status":422,"#
                + #""detail":"Ask the user again.","attemptsRemaining":4}"#
        )
    }

    @Test func unknownPathsAndMethodsAreProblems() async throws {
        try await TestServer.run { server async throws in
            for path in ["/", "/v1", "/v1/verifications/unknown", "/v2/verifications", "/metrics"] {
                #expect(try await server.send(.GET, path).summary == "404 not-found", "\(path)")
            }
            let operations =
                Operation.allCases.map { ($0.path, ["POST"]) } + HealthRoutes.paths.map { ($0, ["GET", "HEAD"]) }
            for (path, allowed) in operations {
                for method in [
                    HTTPMethod.GET, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE, .PROPFIND, .PURGE, .UNSUBSCRIBE,
                    .RAW(value: "QUERY"),
                ] where !allowed.contains(method.rawValue) {
                    let reply = try await server.send(method, path)
                    #expect(reply.summary == "405 method-not-allowed", "\(method) \(path)")
                    #expect(reply.headers["allow"] == [allowed.joined(separator: ", ")])
                }
                #expect(try await server.send(.RAW(value: "BREW"), path).summary == "400 invalid-request")
                let head = try await server.send(.HEAD, path)
                #expect(head.status == (allowed.contains("HEAD") ? 200 : 405) && head.body.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", 400, "invalid-request"), ("GET / HTTP/1.1\r\n\r\n", 400, "invalid-request"),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400, "invalid-request"),
        (
            "POST /livez HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n", 400,
            "invalid-request"
        ),
        ("POST /livez HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n", 400, "invalid-request"),
        (
            "GET /livez HTTP/1.1\r\nhost: a\r\nx: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431,
            "headers-too-large"
        ),
        (
            "GET /livez HTTP/1.1\r\nhost: a\r\n\(String(repeating: "x: y\r\n", count: 200))\r\n", 431,
            "headers-too-large"
        ),
    ])
    func malformedRequestsAreProblems(text: String, status: Int, problem: String) async throws {
        try await TestServer.run { server async throws in
            let response = try await server.exchange(text)
            #expect(response.hasPrefix("HTTP/1.1 \(status)"), "\(response)")
            #expect(response.contains("content-type: application/problem+json\r\n"))
            #expect(response.contains("cache-control: no-store\r\n"))
            let body = try #require(response.split(separator: "\r\n\r\n", maxSplits: 1).last)
            let json = try JSON(parsing: Array(body.utf8), rules: .ownFormat)
            #expect(json["type"]?.string == "urn:swift-otp:problem:\(problem)")
            #expect(try await server.send(.GET, "/livez").status == 200)
        }
    }

    @Test func slowClientsTimeOutAndOthersAreServed() async throws {
        var limits = ConnectionLimits()
        limits.idle = .milliseconds(100)
        try await TestServer.run(limits: limits) { server async throws in #expect(try await server.exchange("") == "") }
        limits = ConnectionLimits()
        (limits.head, limits.body) = (.milliseconds(100), .milliseconds(100))
        try await TestServer.run(limits: limits) { server async throws in
            let key = TestServer.key.both.text
            let upload =
                "POST /v1/verifications HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\nauthorization: Bearer \(key)\r\n"
                + "content-type: application/json\r\n\r\n{"
            for text in ["GET /livez HTTP/1.1\r\nhost:", upload] {
                let response = try await server.exchange(text)
                #expect(response.hasPrefix("HTTP/1.1 408") && response.contains("request-timeout"), "\(response)")
            }
            #expect(try await server.send(.GET, "/livez").status == 200)
        }
    }

    @Test func errorsOfOtherTypesBecomeProblems() {
        struct Secret: Error { let text = "secret-value" }
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        #expect(HTTPProblem(HTTPError(.notFound), log: silent).code == .notFound)
        #expect(HTTPProblem(HTTPError(.unauthorized, message: "secret-value"), log: silent).code == .unauthorized)
        #expect(HTTPProblem(HTTPError(.conflict), log: silent).code == .invalidRequest)
        let problem = HTTPProblem(Secret(), log: silent)
        #expect(problem.code == .internalError && !"\(problem)".contains("secret-value"))
    }
}
