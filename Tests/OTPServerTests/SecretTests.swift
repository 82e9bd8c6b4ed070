// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import JSONOutput
import Logging
import NIOHTTP1
import OTP
import OTPServer
import OTPTesting
import SMSKit
import StrictJSON
import Testing

/// Tests that no log contains a secret (REQ-67, T16).
@Suite(.timeLimit(.minutes(2))) struct SecretTests {
    @Test func logsContainNoSecret() async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        var secrets = ["91234567", TestServer.key.both.text, "secret-context", "secret-response"]
        try await TestServer.run(logger: logger) { server async throws in
            let token = try await server.issue(
                #","context":["secret-context"],"client":{"humanCheckResponse":"secret-response"}"#
            )
            let code = try #require(server.code)
            secrets += [code, token]
            let call = #""number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)""#
            _ = try await server.post("check", #"{\#(call),"code":"\#(wrong(code))","context":["secret-context"]}"#)
            let checked = try await server.post("check", #"{\#(call),"code":"\#(code)","context":["secret-context"]}"#)
            secrets.append(try #require(checked["proof"]))
            _ = try await server.send(.GET, "/v1/verifications?number=91234567&code=\(code)")
            _ = try await server.post("issue", #"{"number":"+6591234567","91234567":1}"#)
            _ = try await server.post("issue", "{}", key: TestServer.key.both.text + "x")
            _ = try await server.exchange(
                "GET /91234567 HTTP/9.9\r\nauthorization: \(TestServer.key.both.text)\r\n\r\n"
            )
        }
        let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
        #expect(!handler.entries.isEmpty)
        for secret in secrets { #expect(!log.contains(secret), "a secret is in the log") }
    }
}
