// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import NIOHTTP1
import OTP
import OTPServer
import OTPTesting
import SMSKit
import SendGuard
import StrictJSON
import Testing

/// Tests of each operation with each of its statuses.
@Suite(.timeLimit(.minutes(2))) struct RouteTests {
    @Test func wholeFlow() async throws {
        try await TestServer.run(policy: { $0.deviceLane = DeviceLane() }) { server async throws in
            let body = #"{"number":"+65 9123 4567","purpose":"sign-in","context":["5 EUR","Ann"]}"#
            let issued = try await server.post("issue", body)
            #expect(issued.status == 201)
            #expect(issued.headers.first(name: "cache-control") == "no-store")
            #expect(issued.headers.first(name: "content-type") == "application/json")
            #expect(issued.json?["codeLength"]?.int64 == 6 && issued.json?["attemptsRemaining"]?.int64 == 5)
            #expect(try Self.date(issued["expiresAt"]) > Date())
            #expect(try Self.date(issued["resendAllowedAt"]) < Self.date(issued["expiresAt"]))
            let token = try #require(issued["token"])
            let code = try #require(server.code)
            #expect(!String(decoding: issued.body, as: UTF8.self).contains(code))

            let challenge = #""number":"+65-9123-4567","token":"\#(token)""#
            let status = try await server.post("status", "{\(challenge)}")
            #expect(status.status == 200 && status.json?["sendCount"]?.int64 == 1)

            let call = #"\#(challenge),"purpose":"sign-in","context":["5 EUR","Ann"]"#
            let resent = try await server.post("resend", "{\(call)}")
            #expect(resent.status == 202 && resent["token"] == token)
            #expect(server.sms.messages.count == 2 && server.code == code)

            let mistyped = try await server.post("check", #"{\#(call),"code":"\#(wrong(code))"}"#)
            #expect(mistyped.summary == "422 incorrect-code" && mistyped.json?["attemptsRemaining"]?.int64 == 4)

            let checked = try await server.post("check", #"{\#(call),"code":"\#(code)"}"#)
            #expect(checked.status == 200)
            #expect(checked["proof"]?.hasPrefix("p2.") == true && checked["deviceToken"]?.hasPrefix("d1.") == true)
            #expect(try await server.post("status", "{\(challenge)}").summary == "410 expired")
        }
    }

    private static func date(_ text: String?) throws -> Date {
        try Date(try #require(text), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    @Test func cancelledChallengeIsGone() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let body = #"{"number":"\#(TestServer.number)","token":"\#(token)"}"#
            let reply = try await server.post("cancel", body)
            #expect(reply.status == 204 && reply.body.isEmpty)
            #expect(reply.headers.first(name: "cache-control") == "no-store")
            #expect(try await server.post("cancel", body).summary == "410 expired")
            #expect(try await server.check(#require(server.code), token).summary == "410 expired")
        }
    }

    @Test func deviceTokenIsReturnedOnlyWithADeviceLane() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            let reply = try await server.check(#require(server.code), token)
            #expect(reply.status == 200 && reply.json?["deviceToken"] == nil)
        }
    }

    @Test func deviceTokenOfTheBodySelectsTheLane() async throws {
        let change = { @Sendable (policy: inout OTPPolicy) in
            policy.limits.sends = [WindowLimit(2, per: .seconds(3600)), WindowLimit(4, per: .seconds(86_400))]
            policy.deviceLane = DeviceLane()
        }
        try await TestServer.run(policy: change) { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            let device = try #require(try await server.check(code, token)["deviceToken"])
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in""#
            #expect(try await server.post("issue", body + "}").summary == "429 rate-limited")
            #expect(
                try await server.post("issue", body + #","client":{"deviceToken":"nonsense"}}"#).summary
                    == "429 rate-limited"
            )
            #expect(try await server.post("issue", body + #","client":{"deviceToken":"\#(device)"}}"#).status == 201)
        }
    }

    @Test func languageComesFromTheBodyOrTheHeader() async throws {
        try await TestServer.run { server async throws in
            func text(_ more: String, _ headers: [(String, String)] = []) async throws -> String {
                let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"\#(more)}"#
                #expect(try await server.post("issue", body, headers).status == 201)
                return try #require(server.sms.messages.last).text.filter { !$0.isNumber }
            }
            let english = try await text("")
            let german = try await text(#","locale":"de-AT""#)
            let header = [("accept-language", "xx, de;q=0.9, en;q=0.1")]
            #expect(english != german)
            #expect(try await text("", header) == german)
            #expect(try await text(#","locale":"en""#, header) == english)
            // A language without a text has the default.
            #expect(try await text(#","locale":"eo""#) == english)
        }
    }

    /// Some HTTP clients, such as `fetch` in Node.js, send the header `Accept-Language: *` by default.
    @Test func clientsThatAcceptEveryLanguageGetTheDefault() async throws {
        try await TestServer.run { server async throws in
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#
            for headers in [[], [("accept-language", "*")]] {
                #expect(try await server.post("issue", body, headers).status == 201)
            }
            let texts = server.sms.messages.map { $0.text.filter { !$0.isNumber } }
            #expect(texts.count == 2 && Set(texts).count == 1)
        }
    }

    @Test func rateLimitHasRetryAfter() async throws {
        try await TestServer.run(policy: { $0.limits.cooldown = [.seconds(60)] }) { server async throws in
            let token = try await server.issue()
            let call = #""number":"\#(TestServer.number)","purpose":"sign-in""#
            for reply in [
                try await server.post("issue", "{\(call)}"),
                try await server.post("resend", #"{\#(call),"token":"\#(token)"}"#),
            ] {
                #expect(reply.summary == "429 rate-limited")
                let wait = try #require(reply.headers.first(name: "retry-after").flatMap { Int($0) })
                #expect((1...60).contains(wait) && reply.json?["retryAfter"]?.int64 == Int64(wait))
            }
            #expect(server.sms.messages.count == 1)
        }
    }

    @Test func exhaustedMessagesOfAChallengeNeedANewCode() async throws {
        try await TestServer.run(policy: { $0.limits.sendsPerChallenge = 1 }) { server async throws in
            let token = try await server.issue()
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)"}"#
            #expect(try await server.post("resend", body).summary == "410 resends-exhausted")
        }
    }

    @Test func numberIsLockedAndThenDisabled() async throws {
        let lock = { @Sendable (policy: inout OTPPolicy) in
            policy.limits.failures = [WindowLimit(2, per: .seconds(3600))]
        }
        try await TestServer.run(policy: lock) { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            for _ in 0..<2 { _ = try await server.check(wrong(code), token) }
            let reply = try await server.check(code, token)
            #expect(reply.summary == "429 locked" && reply.headers.first(name: "retry-after") != nil)
            #expect(try await server.check(wrong(code), token).body.count == reply.body.count)
        }
        try await TestServer.run(policy: { $0.limits.consecutiveFailures = 1 }) { server async throws in
            let token = try await server.issue()
            let code = try #require(server.code)
            _ = try await server.check(wrong(code), token)
            let reply = try await server.check(code, token)
            #expect(reply.summary == "403 number-disabled" && reply.headers.first(name: "retry-after") == nil)
        }
    }

    @Test func refusedDestinationAndInvalidNumber() async throws {
        try await TestServer.run { server async throws in
            for (number, expected) in [
                ("+447700900123", "403 destination-not-allowed"), ("12", "400 invalid-number"),
                ("+6591234567,+6591234568", "400 invalid-number"), ("", "400 invalid-number"),
                ("+6591234567;ext=1", "400 invalid-number"), ("9123 4567", "400 invalid-number"),
            ] {
                let reply = try await server.post("issue", #"{"number":"\#(number)","purpose":"sign-in"}"#)
                #expect(reply.summary == expected, "\(number)")
            }
            #expect(server.sms.messages.isEmpty)
        }
    }

    @Test func rejectedMessageIsABadGateway() async throws {
        let sms = RecordingSMSClient { _ in .rejected(SMSError(code: "X", kind: .account, message: "secret-reason")) }
        try await TestServer.run(sms: sms) { server async throws in
            let reply = try await server.post("issue", #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#)
            #expect(reply.summary == "502 delivery-failed")
            #expect(!String(decoding: reply.body, as: UTF8.self).contains("secret-reason"))
        }
    }

    @Test func malformedCodeUsesNoAttempt() async throws {
        try await TestServer.run { server async throws in
            let token = try await server.issue()
            for code in ["", "12345", "1234567", "abcdef", "      "] {
                #expect(try await server.check(code, token).summary == "400 malformed-code", "\(code)")
            }
            let body = #"{"number":"\#(TestServer.number)","token":"\#(token)"}"#
            #expect(try await server.post("status", body).json?["attemptsRemaining"]?.int64 == 5)
        }
    }

    @Test func guardBlocksWithoutNamingItsRule() async throws {
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 0))
        let keys = try KeyRing(text: KeyRing.makeText())
        let sendGuard = try SMSGuard(policy: policy, ledger: InMemorySendLedger(), hash: keys.scopeHash)
        try await TestServer.run(sendGuard: SendGate(sendGuard)) { server async throws in
            let reply = try await server.post("issue", #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#)
            #expect(reply.summary == "429 blocked" && reply.headers.first(name: "retry-after") != nil)
            let text = String(decoding: reply.body, as: UTF8.self)
            for word in ["budget", "rule", "service-", "region"] { #expect(!text.contains(word), "\(text)") }
        }
    }

    @Test func tenantsAreSeparate() async throws {
        try await TestServer.run(tenants: ["shop"]) { server async throws in
            let token = try await server.issue(#","tenant":"shop""#)
            let code = try #require(server.code)
            let call = #""number":"\#(TestServer.number)","purpose":"sign-in","token":"\#(token)","code":"\#(code)""#
            #expect(try await server.post("check", "{\(call)}").summary == "410 expired")
            let shop = TestServer.key.shop.text
            #expect(
                try await server.post("check", #"{\#(call),"tenant":"default"}"#, key: shop).summary == "403 forbidden"
            )
            #expect(try await server.post("check", #"{\#(call),"tenant":"bank"}"#).summary == "403 forbidden")
            #expect(try await server.post("check", "{\(call)}", key: shop).status == 200)
        }
    }
}
