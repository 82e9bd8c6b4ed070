// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import SendGuard
import Testing

@testable import OTPCommand
@testable import OTPRedis

/// Tests that `otp explain` shows limits, rules and decisions, and that operators' actions leave events.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ExplainTests {
    private struct Document: Decodable {
        struct Limit: Decodable {
            var name: String
            var used: Int
            var refusesUntil: Date?
        }

        struct Rule: Decodable {
            var rule: String
            var used: Int
            var allowed: Int
            var isReached: Bool
        }

        var to: String
        var limits: [Limit]
        var rules: [Rule]
    }

    @Test func showsTheLimitsOfTheNumberAndTheRulesOfTheGuard() async throws {
        try await Demo.run { demo in
            let before = try await demo.otp("explain", FlowTests.number, "--json").json(Document.self)
            #expect(before.limits.isEmpty && !before.rules.isEmpty)
            _ = try await demo.issue(FlowTests.number)
            let document = try await demo.otp("explain", FlowTests.number, "--json").json(Document.self)
            #expect(document.to == "+65****67")
            #expect(document.limits.first { $0.name == "sends" }?.used == 1)
            #expect(document.limits.first { $0.name == "cooldown" }?.refusesUntil != nil)
            let rules = Set(document.rules.map(\.rule))
            #expect(rules.isSuperset(of: ["lockdown-service", "unverified-block", "failures-purpose"]))
            #expect(!rules.contains("unverified-source"))
            let text = try await demo.otp("explain", FlowTests.number, "--source", "192.0.2.1")
            #expect(
                text.output.contains("unverified-source: 0 of") && text.output.contains("cooldown: 1, refuses until")
            )
            #expect(!text.description.contains("91234567"))
        }
    }

    @Test func lockdownIsAReachedRule() async throws {
        try await Demo.run { demo in
            #expect(try await demo.otp("guard", "lockdown", "on").status == 0)
            let document = try await demo.otp("explain", FlowTests.number, "--json").json(Document.self)
            #expect(document.rules.first { $0.rule == "lockdown-service" }?.isReached == true)
        }
    }

    @Test func wrongArgumentsAreRefused() async throws {
        try await Demo.run { demo in
            #expect(try await demo.otp("explain", "nonsense").status == 64)
            #expect(try await demo.otp("explain", FlowTests.number, "--source", "300.1.1.1").status == 64)
            let unknown = try await demo.otp("explain", "AAAAAAAAAAAAAAAAAAAAAA", "--json")
            #expect(unknown.status == 2, "\(unknown)")
            #expect(try unknown.error.code == "noDecision")
        }
    }

    @Test func decisionIsReadFromTheStream() async throws {
        try await Demo.run { demo in
            let issued = try await demo.otp("issue", FlowTests.number, "--json", changing: ["OTP_AUDIT": "redis"])
            #expect(issued.status == 0, "\(issued)")
            let events = try await Self.events(demo)
            // A decision has the time of the server, in whole seconds.
            // The service of the demo records its own keys.
            let kinds = events.map(\.kind.rawValue).filter { $0 != "keys" }.sorted()
            #expect(kinds == ["decision", "issue", "send"])
            let id = try #require(events.first { $0.kind == .decision }?[.decision])
            let text = try await demo.otp("explain", id)
            #expect(text.status == 0 && text.output.contains("outcome: allow"), "\(text)")
            #expect(try await demo.otp("explain", id, "--json").output.contains("\"kind\":\"decision\""))
            #expect(!events.description.contains("91234567") && !text.description.contains("91234567"))
        }
    }

    @Test func actionsOfOperatorsLeaveEvents() async throws {
        try await Demo.run { demo in
            #expect(try await demo.otp("unlock", FlowTests.number, "--operator", "alice").status == 0)
            let audited: [String: String?] = ["OTP_AUDIT": "redis"]
            #expect(
                try await demo.otp("unlock", FlowTests.number, "--operator", "bob", changing: audited).status == 0
            )
            #expect(try await demo.otp("revoke", FlowTests.number, "--operator", "carol").status == 0)
            #expect(
                try await demo.otp("revoke", FlowTests.number, "--operator", "dan", changing: audited).status == 0
            )
            #expect(try await demo.otp("guard", "lockdown", "on", "--region", "SG").status == 0)
            #expect(try await demo.otp("guard", "set", "unverified-block", "monitor").status == 0)
            let events = try await Self.events(demo).filter { $0.kind != .keys }
            #expect(events.map(\.kind) == [.mode, .lockdown, .revoke, .revoke, .unlock, .unlock])
            #expect(events.allSatisfy { $0[.operatorName]?.isEmpty == false })
            #expect(events.suffix(4).map { $0[.operatorName] } == ["dan", "carol", "bob", "alice"])
            #expect(events[2...3].allSatisfy { $0[.reason] == "devices" })
            #expect(events[5][.number] == "+65****67" && events[1][.region] == "SG" && events[1][.outcome] == "on")
            #expect(events[0][.rule] == "unverified-block" && events[0][.outcome] == "monitor")
            #expect(!events.description.contains("91234567"))
        }
    }

    private static func events(_ demo: Demo) async throws -> [AuditEvent] {
        let url = try #require(demo.environment["OTP_REDIS_URL"])
        return try await withRedis(RedisConfiguration(url: url)) { client in
            try await RedisAuditStream(client: client).newest(100)
        }
    }
}
