// SPDX-License-Identifier: Apache-2.0

import Foundation
import SendGuard
import Testing

/// Tests of the commands `otp guard …` with the Redis server of a service.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct GuardCommandTests {
    private struct Status: Decodable {
        struct Rule: Decodable {
            var rule: String
            var mode: String
            var policyMode: String?
        }

        struct State: Decodable {
            var rule: String
            var name: String
            var used: Int
            var allowed: Int
            var freesAt: Date?
        }

        var time: Date
        var rules: [Rule]
        var lockdowns: [State]
        var openBreakers: [State]
        var budgets: [State]
    }

    private struct Report: Decodable {
        struct Rule: Decodable {
            var rule: String
            var effect: String
            var count: Int
            var regions: [String: Int]
        }

        struct Conversion: Decodable {
            var name: String
            var sent: Int
            var verified: Int
        }

        var firstDay: String
        var lastDay: String
        var sent: Int
        var verified: Int
        var rules: [Rule]
        var regions: [Conversion]
        var blocks: [Conversion]
    }

    /// Sends messages until the circuit breaker of a number block opens, and verifies two codes.
    private static func openBreaker(_ environment: [String: String]) async throws {
        try await GuardRedis.withService(environment) { sendGuard in
            for number in 0..<15 { _ = try await sendGuard.reserve(try GuardRedis.request(number)) }
            for number in 15..<18 {
                #expect(try await sendGuard.reserve(GuardRedis.request(number)).outcome == .block)
            }
            let request = try GuardRedis.request(1)
            try await sendGuard.record([sendGuard.outcome(.verified, of: request)])
            for number in 18..<21 { _ = try await sendGuard.reserve(try GuardRedis.request(number)) }
        }
    }

    @Test func reportShowsFindingsAndConversion() async throws {
        try await GuardRedis.with { environment in
            try await Self.openBreaker(environment)
            let json = try await Program.run(["guard", "report", "--json"], environment: environment)
            let report = try json.json(Report.self)
            #expect(report.firstDay == report.lastDay)
            #expect((report.sent, report.verified) == (17, 1))
            #expect(report.regions.map(\.name) == ["SG"])
            #expect(report.blocks.map(\.name) == ["+65912*****"])
            #expect((report.blocks[0].sent, report.blocks[0].verified) == (17, 1))
            let rule = try #require(report.rules.first)
            #expect((rule.rule, rule.effect, rule.count) == ("unverified-block", "block", 4))
            #expect(rule.regions == ["SG": 4])
            let text = try await Program.run(["guard", "report", "--days", "7"], environment: environment)
            #expect(text.status == 0, "\(text)")
            for part in ["17 sent, 1 verified (6 %)", "unverified-block  block", "SG 4", "+65912*****"] {
                #expect(text.output.contains(part), "\(part) is not in \(text)")
            }
            #expect(!text.output.contains("9123"))
        }
    }

    @Test func reportShowsWhatAMonitoredRuleWouldHaveRefused() async throws {
        try await GuardRedis.with { environment in
            let set = try await Program.run(["guard", "set", "unverified-block", "monitor"], environment: environment)
            #expect(set.output == "unverified-block: monitor (the policy has challenge)\n", "\(set)")
            try await GuardRedis.withService(environment) { sendGuard in
                for number in 0..<20 {
                    let decision = try await sendGuard.reserve(try GuardRedis.request(number))
                    #expect(decision.outcome == .allow)
                }
            }
            let text = try await Program.run(["guard", "report"], environment: environment)
            #expect(text.output.contains("would have refused"), "\(text)")
            let report = try await Program.run(["guard", "report", "--json"], environment: environment)
                .json(Report.self)
            #expect(report.rules.map(\.effect) == ["monitor"])
            #expect(report.rules.map(\.count) == [5])
            #expect(report.sent == 20)
        }
    }

    @Test func setChangesTheModeOfARunningService() async throws {
        try await GuardRedis.with { environment in
            try await GuardRedis.withService(environment) { sendGuard in
                for number in 0..<15 { _ = try await sendGuard.reserve(try GuardRedis.request(number)) }
                #expect(try await sendGuard.reserve(GuardRedis.request(15)).outcome == .block)
                let off = try await Program.run(["guard", "set", "unverified-block", "off"], environment: environment)
                #expect(off.status == 0, "\(off)")
                _ = try await sendGuard.reserve(GuardRedis.request(16))
                #expect(try await sendGuard.reserve(GuardRedis.request(17)).outcome == .allow)
                let policy = try await Program.run(
                    ["guard", "set", "unverified-block", "policy"],
                    environment: environment
                )
                #expect(policy.output == "unverified-block: challenge (as in the policy)\n", "\(policy)")
                _ = try await sendGuard.reserve(GuardRedis.request(18))
                #expect(try await sendGuard.reserve(GuardRedis.request(19)).outcome == .block)
            }
        }
    }

    @Test func statusShowsModesLockdownsBreakersAndBudgets() async throws {
        try await GuardRedis.with { environment in
            try await Self.openBreaker(environment)
            _ = try await Program.run(["guard", "set", "growth-block", "shadow"], environment: environment)
            let lockdown = try await Program.run(
                ["guard", "lockdown", "on", "--region", "SG", "--for", "30m"],
                environment: environment
            )
            #expect(lockdown.output == "lockdown of region SG for 1800 s\n", "\(lockdown)")
            let run = try await Program.run(["guard", "status", "--json"], environment: environment)
            let status = try run.json(Status.self)
            #expect(status.rules.count == GuardRule.standard.count)
            let growth = try #require(status.rules.first { $0.rule == "growth-block" })
            #expect((growth.mode, growth.policyMode) == ("shadow", "block"))
            #expect(status.rules.filter { $0.policyMode != nil }.count == 1)
            #expect(status.lockdowns.map(\.name) == ["SG"])
            let end = try #require(status.lockdowns.first?.freesAt)
            #expect((1_700...1_800).contains(end.timeIntervalSince(status.time)))
            let breaker = try #require(status.openBreakers.first { $0.rule == "unverified-block" })
            #expect((breaker.name, breaker.used, breaker.allowed) == ("+659123****", 15, 15))
            let text = try await Program.run(["guard", "status"], environment: environment)
            for part in ["lockdowns:", "homeRegion SG", "open breakers:", "unverified-block +659123****", "15 of 15"] {
                #expect(text.output.contains(part), "\(part) is not in \(text)")
            }
        }
    }

    @Test func lockdownEnds() async throws {
        try await GuardRedis.with { environment in
            let on = try await Program.run(["guard", "lockdown", "on", "--json"], environment: environment)
            #expect(on.output == "{\"lockdown\":\"on\",\"seconds\":86400}\n", "\(on)")
            try await GuardRedis.withService(environment) { sendGuard in
                #expect(try await sendGuard.reserve(GuardRedis.request(1)).outcome == .block)
                var known = try GuardRedis.request(2)
                known.signals = .knownDevice
                #expect(try await sendGuard.reserve(known).outcome == .allow)
                let off = try await Program.run(["guard", "lockdown", "off"], environment: environment)
                #expect(off.output == "no lockdown of the service\n", "\(off)")
                #expect(try await sendGuard.reserve(GuardRedis.request(3)).outcome == .allow)
            }
        }
    }

    @Test func lockdownWarnsIfItsRuleIsOff() async throws {
        try await GuardRedis.with { environment in
            _ = try await Program.run(["guard", "set", "lockdown-service", "off"], environment: environment)
            let on = try await Program.run(["guard", "lockdown", "on"], environment: environment)
            #expect(on.status == 0)
            #expect(on.errors.contains("lockdown-service is off"), "\(on)")
        }
    }

    @Test(arguments: [
        ["set", "unverified", "off"], ["set", "unverified-block", "maybe"], ["set", "unverified-planet", "off"],
        ["lockdown", "maybe"], ["lockdown", "on", "--for", "2"], ["lockdown", "on", "--for", "366d"],
        ["lockdown", "on", "--for", "-1h"], ["lockdown", "on", "--for", "0s"], ["lockdown", "on", "--region", "Z9"],
        ["lockdown", "off", "--for", "1h"], ["report", "--days", "0"], ["report", "--days", "33"],
        ["report", "--blocks", "-1"],
    ])
    func malformedArgumentsAreUsageErrors(arguments: [String]) async throws {
        let environment = ["OTP_REDIS_URL": "redis://127.0.0.1:1", "OTP_KEYS": "", "OTP_GUARD": GuardRedis.policy]
        let run = try await Program.run(["guard"] + arguments, environment: environment)
        #expect(run.status == 64, "\(run)")
    }

    @Test func missingPolicyIsNamed() async throws {
        try await GuardRedis.with { environment in
            var environment = environment
            environment["OTP_GUARD"] = nil
            let run = try await Program.run(["guard", "status"], environment: environment)
            #expect(run.status == 78, "\(run)")
            #expect(run.errors.contains("OTP_GUARD"))
        }
    }

    @Test(arguments: [["status"], ["report"], ["set", "unverified-block", "off"], ["lockdown", "on"]])
    func unreachableRedisIsReported(arguments: [String]) async throws {
        let keys = try await Program.run(["keys"])
        let line = try #require(keys.lines.first { $0.hasPrefix("OTP_KEYS=") })
        let environment = [
            "OTP_REDIS_URL": "redis://127.0.0.1:1", "OTP_KEYS": String(line.dropFirst(9)),
            "OTP_GUARD": GuardRedis.policy,
        ]
        let run = try await Program.run(["guard"] + arguments, environment: environment)
        #expect(run.status == 69, "\(run)")
        #expect(run.errors.contains("the store at"))
    }
}
