// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import StrictJSON
import Testing

@testable import OTPServer

/// Tests that only well-formed bodies are accepted (REQ-62, REQ-63, T8).
@Suite(.timeLimit(.minutes(2))) struct BodyTests {
    private static let number = #""number":"\#(TestServer.number)""#
    private static let token = #""token":"v1.\#(String(repeating: "A", count: 43))""#

    @Test(arguments: [
        "", " ", "null", "[]", "[{},{}]", "{", "{}", "1", #""text""#, "{\(BodyTests.number)}",
        #"{\#(BodyTests.number),"purpose":1}"#, #"{\#(BodyTests.number),"purpose":null}"#,
        #"{"number":6591234567,"purpose":"a"}"#,
        #"{"number":["+6591234567"],"purpose":"a"}"#, #"{\#(BodyTests.number),"purpose":"Sign In"}"#,
        #"{\#(BodyTests.number),"purpose":"a","purpose":"a"}"#,
        #"{\#(BodyTests.number),"purpose":"a","number":"+6591234567"}"#,
        #"{\#(BodyTests.number),"purpose":"a","more":1}"#, #"{\#(BodyTests.number),"purpose":"a","code":"123456"}"#,
        #"{\#(BodyTests.number),"purpose":"a","context":"x"}"#, #"{\#(BodyTests.number),"purpose":"a","context":[1]}"#,
        #"{\#(BodyTests.number),"purpose":"a","context":[["x"]]}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"a":{}}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":[]}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"more":1}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"address":"example.org"}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"address":1}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"knownNumber":"true"}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"deviceToken":1}}"#,
        #"{\#(BodyTests.number),"purpose":"a","client":{"humanCheckResponse":1}}"#,
        #"{\#(BodyTests.number),"purpose":"a","locale":"not a language"}"#,
        #"{\#(BodyTests.number),"purpose":"a","locale":1}"#,
        #"{\#(BodyTests.number),"purpose":"a\u0000"}"#, "{\(BodyTests.number),\"purpose\":\"a\"} x", "\u{FEFF}",
    ])
    func malformedBodyIsRejected(body: String) async throws {
        try await TestServer.run { server async throws in
            let reply = try await server.post("issue", body)
            #expect(reply.summary == "400 invalid-request")
            #expect(reply["detail"]?.first?.isUppercase == true && reply["detail"]?.last == ".")
            #expect(server.sms.messages.isEmpty)
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("91234567"))
        }
    }

    @Test(arguments: ["check", "resend", "cancel", "status"])
    func eachRequiredMemberIsRequired(name: String) async throws {
        let operation = try #require(Operation(rawValue: name))
        let values = [
            Member.number: Self.number, .token: Self.token, .purpose: #""purpose":"a""#, .code: #""code":"123456""#,
        ]
        try await TestServer.run { server async throws in
            for missing in operation.required {
                let members = operation.required.filter { $0 != missing }.compactMap { values[$0] }
                let reply = try await server.post(name, "{\(members.joined(separator: ","))}")
                #expect(reply.summary == "400 invalid-request")
                #expect(reply["detail"]?.contains(missing.rawValue) == true)
            }
            let all = operation.required.compactMap { values[$0] }.joined(separator: ",")
            #expect(try await server.post(name, "{\(all)}").summary == "410 expired")
        }
    }

    /// Empty, missing and malformed codes are never accepted, with and without a valid challenge.
    @Test func oddCodesNeverVerify() async throws {
        try await TestServer.run { server async throws in
            let live = try await server.issue()
            let unknown = "v1." + String(repeating: "A", count: 43)
            for token in [live, unknown] {
                for code in [
                    #""""#, "null", "0", "[]", #"["123456"]"#, "{}", "true", #"" ""#, "123456", #""0""#,
                    #""\#(String(repeating: "1", count: 1000))""#,
                ] {
                    let call = #"\#(Self.number),"purpose":"sign-in","token":"\#(token)","code":\#(code)"#
                    let reply = try await server.post("check", "{\(call)}")
                    #expect(reply.status == 400, "\(code): \(reply.summary)")
                }
            }
        }
    }

    @Test func malformedTokenIsRejected() async throws {
        try await TestServer.run { server async throws in
            for token in ["", "x", "v1.short", "v2." + String(repeating: "A", count: 43)] {
                #expect(try await server.check("123456", token).summary == "400 invalid-token", "\(token)")
            }
        }
    }

    @Test func bodyHasAtMost4KiB() async throws {
        try await TestServer.run { server async throws in
            func body(_ size: Int) -> String {
                let start = #"{\#(Self.number),"purpose":"sign-in","context":[""#
                return start + String(repeating: "x", count: size - start.utf8.count - 3) + "\"]}"
            }
            #expect(try await server.post("issue", body(4096)).status == 201)
            #expect(try await server.post("issue", body(4097)).summary == "413 content-too-large")
            #expect(try await server.post("issue", body(100_000)).summary == "413 content-too-large")
            #expect(server.sms.messages.count == 1)
            // Without a length, the size is known only after reading.
            let head =
                "POST /v1/verifications HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
                + "authorization: Bearer \(TestServer.key.both.text)\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\n\r\n"
            let chunk = String(body(5000).utf8.count, radix: 16)
            let text = try await server.exchange("\(head)\(chunk)\r\n\(body(5000))\r\n0\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 413") && text.contains("content-too-large"))
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "application/jsonx", "",
        "application/json, text/plain", "application/problem+json",
    ])
    func otherMediaTypesAreRejected(type: String) async throws {
        try await TestServer.run { server async throws in
            let body = #"{\#(Self.number),"purpose":"sign-in"}"#
            let reply = try await server.post("issue", body, [("content-type", type)])
            #expect(reply.summary == "415 unsupported-media-type")
            let encoded = try await server.post("issue", body, [("content-encoding", "gzip")])
            #expect(encoded.summary == "415 unsupported-media-type")
            #expect(server.sms.messages.isEmpty)
        }
    }

    @Test(arguments: ["application/json", "Application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\""])
    func jsonIsAccepted(type: String) async throws {
        try await TestServer.run { server async throws in
            let body = #"{\#(Self.number),"purpose":"sign-in"}"#
            #expect(try await server.post("issue", body, [("content-type", type)]).status == 201)
        }
    }

    @Test func queryIsRejected() async throws {
        try await TestServer.run { server async throws in
            let headers = [
                ("authorization", "Bearer \(TestServer.key.both.text)"), ("content-type", "application/json"),
            ]
            let body = Array(#"{\#(Self.number),"purpose":"sign-in"}"#.utf8)
            for path in ["/v1/verifications?code=123456", "/v1/verifications?"] {
                #expect(
                    try await server.send(.POST, path, headers, body: body).summary == "400 invalid-request",
                    "\(path)"
                )
            }
        }
    }
}
