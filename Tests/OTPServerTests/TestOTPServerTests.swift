// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hummingbird
import NIOCore
import NIOHTTP1
import OTP
import OTPServer
import OTPServerTesting
import OTPTesting
import SMSKit
import StrictJSON
import Testing

@Suite(.timeLimit(.minutes(1))) struct TestOTPServerTests {
    private struct Stop: Error {}

    private static func server(
        inbox: RecordingSMSClient = RecordingSMSClient(),
        clock: ManualClock = ManualClock()
    ) throws -> TestOTPServer {
        try TestOTPServer(
            policy: OTPPolicy(destinations: [.singapore]),
            inbox: inbox,
            store: InMemoryOTPStore(clock: clock)
        )
    }

    /// Sends a JSON object, and returns the status and the JSON object of the response.
    private static func post(
        _ url: String,
        _ path: String,
        _ body: String,
        to server: TestOTPServer
    ) async throws -> (status: UInt, json: JSON?) {
        var request = HTTPClientRequest(url: "\(url)/v1/\(path)")
        request.method = .POST
        request.headers = ["authorization": "Bearer \(server.apiKey)", "content-type": "application/json"]
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let bytes = try await response.body.collect(upTo: 65_536)
        return (response.status.code, try? JSON(parsing: Array(bytes.readableBytesView), rules: .ownFormat))
    }

    @Test func aClientVerifiesANumberWithTheCodeOfTheInbox() async throws {
        let clock = ManualClock()
        let server = try Self.server(clock: clock)
        let number = try PhoneNumber("+6591234567")
        let subject = #""number":"+6591234567","purpose":"sign-in""#
        try await server.run { url in
            let issued = try await Self.post(url, "verifications", "{\(subject)}", to: server)
            #expect(issued.status == 201 && server.inbox.messages.count == 1)
            #expect(try await Self.post(url, "verifications", "{\(subject)}", to: server).status == 429)
            clock.advance(by: .seconds(60))
            #expect(try await Self.post(url, "verifications", "{\(subject)}", to: server).status == 201)
            let token = try #require(issued.json?["token"]?.string)
            let first = try #require(server.inbox.messages.first?.text.firstMatch(of: /[0-9]{6}/)).output
            let check = "{\(subject),\"token\":\"\(token)\",\"code\":\"\(first)\"}"
            #expect(try await Self.post(url, "verifications/check", check, to: server).json?["proof"] != nil)
            let unlock = try await Self.post(url, "admin/unlock", #"{"number":"+6591234567"}"#, to: server)
            #expect(unlock.status == 204, "\(unlock)")
        }
        #expect(server.inbox.lastCode(to: number)?.count == 6)
    }

    @Test func theInboxCanRejectMessages() async throws {
        let failure = SMSError(code: "down", kind: .account, message: "The gateway is down.")
        let server = try Self.server(inbox: RecordingSMSClient { _ in .rejected(failure) })
        try await server.run { url in
            let body = #"{"number":"+6591234567","purpose":"sign-in"}"#
            let response = try await Self.post(url, "verifications", body, to: server)
            #expect(response.status == 502 && server.inbox.messages.count == 1)
        }
    }

    @Test func theServerEndsWithItsClosure() async throws {
        let server = try Self.server()
        let url = try await server.run { $0 }
        let body = #"{"number":"+6591234567","purpose":"sign-in"}"#
        // The server of another test may use the port now. It rejects the API key.
        #expect(await (try? Self.post(url, "verifications", body, to: server))?.status != 201)
        #expect(server.inbox.messages.isEmpty)
        await #expect(throws: Stop.self) { try await server.run { _ in throw Stop() } }
        // A server can run again, with the same service.
        let status = try await server.run { try await Self.post($0, "verifications", "{}", to: server).status }
        #expect(status == 400)
    }

    @Test func anInvalidPolicyIsReported() {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.format = .digits(4)
        #expect(throws: OTPConfigurationError.self) { try TestOTPServer(policy: policy) }
    }
}
