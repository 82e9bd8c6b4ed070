// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import StrictJSON
import Testing

/// The responses to attacks of the conformance table.
///
/// `ConformanceTests` runs the tests of all rows over HTTP. The tests of this suite additionally check the responses to all
/// requests of an attack. Each test names its rows of the table.
@Suite(.timeLimit(.minutes(2))) struct AttackTests {
    /// Counts the summaries of concurrent checks of one challenge.
    private static func summaries(
        _ count: Int,
        _ server: TestServer,
        _ token: String,
        _ code: String
    ) async throws -> [String: Int] {
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count { group.addTask { try await server.check(code, token).summary } }
            return try await group.reduce(into: [:]) { counts, summary in counts[summary, default: 0] += 1 }
        }
    }

    @Test("CT-04, CT-05, T2: of 64 concurrent requests with the right code, exactly one succeeds")
    func rightCodeSucceedsOnce() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let counts = try await Self.summaries(64, server, token, #require(server.code))
            #expect(counts == ["200 -": 1, "410 expired": 63])
        }
    }

    @Test("CT-07, CT-10, T4: of 64 concurrent wrong codes, five are compared, and the right code then fails")
    func fiveWrongCodesAreCompared() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            let counts = try await Self.summaries(64, server, token, wrong(code))
            #expect(counts == ["422 incorrect-code": 5, "410 expired": 59])
            #expect(try await server.check(code, token).summary == "410 expired")
        }
    }

    @Test("CT-20: all spellings of a number share the same limits, and several numbers in one field are refused")
    func spellingsShareTheLimits() async throws {
        try await TestServer.run { server async throws in
            let spellings = ["+6591234567", "+65 9123 4567", "+65-9123-4567", "+65 (9123) 4567", "+65 9123-4567"]
            for spelling in spellings {
                let reply = try await server.post("issue", #"{"number":"\#(spelling)","purpose":"sign-in"}"#)
                #expect(reply.status == 201, "\(spelling): \(reply.summary)")
            }
            for spelling in spellings {
                let reply = try await server.post("issue", #"{"number":"\#(spelling)","purpose":"sign-in"}"#)
                #expect(reply.summary == "429 rate-limited", "\(spelling)")
            }
            for list in ["+6581234567,+6581234568", "+6581234567;+6581234568", "+6581234567 +6581234568"] {
                let reply = try await server.post("issue", #"{"number":"\#(list)","purpose":"sign-in"}"#)
                #expect(reply.summary == "400 invalid-number", "\(list)")
            }
            let array = try await server.post("issue", #"{"number":["+6581234567"],"purpose":"sign-in"}"#)
            #expect(array.summary == "400 invalid-request")
            #expect(server.sms.messages.count == 5)
        }
    }

    @Test("T6, T7: the routes that send messages share the limit of the number, for all purposes")
    func routesShareTheLimits() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let resend = #"{"number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)"}"#
            for _ in 0..<2 { #expect(try await server.post("resend", resend).status == 202) }
            for purpose in ["payment", "login"] { _ = try await server.issue(purpose: purpose) }
            for purpose in ["sign-in", "payment", "reset"] {
                let body = #"{"number":"\#(TestServer.number)","purpose":"\#(purpose)"}"#
                #expect(try await server.post("issue", body).summary == "429 rate-limited", "\(purpose)")
            }
            #expect([410, 429].contains(try await server.post("resend", resend).status))
            #expect(server.sms.messages.count == 5)
        }
    }
}
