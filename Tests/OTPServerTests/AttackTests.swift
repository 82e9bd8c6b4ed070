// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import StrictJSON
import Testing

/// Tests of the attacks in the conformance table, over HTTP.
///
/// Each test names its rows of the table. Other rows are in `ProxyTests`, `IdempotencyTests`, `UniformityTests` and
/// `SecretTests`.
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

    @Test("CT-08, T19: ten wrong codes from many addresses lock the number, which then gets no message")
    func numberIsLockedForAllAddresses() async throws {
        try await TestServer.run { server async throws in
            for challenge in 0..<2 {
                let token = try await server.issue(#","client":{"address":"192.0.2.\#(challenge)"}"#)
                let code = try wrong(#require(server.code))
                for attempt in 0..<5 {
                    let client = #""client":{"address":"198.51.100.\#(challenge * 5 + attempt)"}"#
                    let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)",\#(client)"#
                    let reply = try await server.post("check", body + #","code":"\#(code)"}"#)
                    #expect(reply.summary == "422 incorrect-code")
                }
            }
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in","client":{"address":"203.0.113.9"}}"#
            #expect(try await server.post("issue", body).summary == "429 locked")
            #expect(server.sms.messages.count == 2)
        }
    }

    @Test("CT-11: a resend restores no attempts")
    func resendRestoresNoAttempts() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            for _ in 0..<4 { _ = try await server.check(wrong(code), token) }
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)"}"#
            let resent = try await server.post("resend", body)
            #expect(resent.status == 202 && resent.json?["attemptsRemaining"]?.int64 == 1)
            #expect(try await server.check(wrong(code), token).summary == "422 incorrect-code")
            #expect(try await server.check(code, token).summary == "410 expired")
        }
    }

    @Test("CT-13, T1, T18: a code verifies only for its purpose, number, challenge and context")
    func codeIsBoundToItsRequest() async throws {
        try await TestServer.run { server async throws in
            let other = try await server.issue(purpose: "payment")
            let token = try await server.issue(#","context":["a:b","c"]"#)
            let code = try #require(server.code)
            let number = TestServer.number
            let context = #","context":["a:b","c"]"#
            for (number, purpose, token, context) in [
                (number, "payment", token, context), ("+6581234567", "sign-in", token, context),
                (number, "sign-in", other, context), (number, "sign-in", token, ""),
                (number, "sign-in", token, #","context":["a","b:c"]"#),
            ] {
                let fields = #""number":"\#(number)","purpose":"\#(purpose)","token":"\#(token)""#
                let body = #"{\#(fields),"code":"\#(code)"\#(context)}"#
                let reply = try await server.post("check", body)
                #expect(reply.summary == "410 expired" || reply.summary == "422 incorrect-code", "\(body)")
            }
            let body = #"{"number":"\#(number)","purpose":"sign-in","token":"\#(token)","code":"\#(code)"\#(context)}"#
            #expect(try await server.post("check", body).status == 200)
        }
    }

    @Test("CT-20: all spellings of a number share its limits, and a list of numbers is refused")
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

    @Test("T17: another person's requests for the number do not end a live code")
    func strangerEndsNoCode() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            let strange = try await server.issue()
            let body = #"{"number":"\#(TestServer.number)","token":"\#(strange)"}"#
            #expect(try await server.post("cancel", body).status == 204)
            #expect(try await server.check(code, token).status == 200)
        }
    }
}
