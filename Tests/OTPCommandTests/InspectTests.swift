// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Tests that `otp inspect` describes a record without secrets.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct InspectTests {
    private struct Document: Decodable {
        struct Record: Decodable {
            struct Challenge: Decodable {
                var attemptsRemaining: Int
                var attemptsMade: Int
                var expiresAt: Date
                var sends: Int
            }

            struct Limit: Decodable {
                var name: String
                var used: Int
                var refuses: Bool
                var refusesUntil: Date?
            }

            var isUsed: Bool
            var sends: [Date]
            var failures: [Date]
            var failureStreak: Int
            var challenges: [Challenge]
            var limits: [Limit]
            var deviceLimits: [Limit]?
        }

        var to: String
        var time: Date
        var records: [Record]
    }

    @Test func showsTheLimitsOfBothLanes() async throws {
        try await Demo.run { demo in
            _ = try await demo.issue(FlowTests.number)
            let environment = demo.environment.merging(["OTP_DEVICE_LANE": "on"]) { $1 }
            let text = try await Program.run(["inspect", FlowTests.number], environment: environment)
            #expect(text.status == 0, "\(text)")
            let parts = text.output.split(separator: "limits of known devices:")
            #expect(parts.count == 2, "\(text)")
            for part in ["sends: 1 of 4 in 3600 s", "failures: 0 of 10 in 3600 s", "consecutiveFailures: 0 of 80"] {
                #expect(parts.first?.contains(part) == true, "\(part) is not in \(text)")
            }
            for part in ["sends: 1 of 5 in 3600 s", "failures: 0 of 15 in 3600 s", "consecutiveFailures: 0 of 100"] {
                #expect(parts.last?.contains(part) == true, "\(part) is not in \(text)")
            }
            let json = try await Program.run(["inspect", FlowTests.number, "--json"], environment: environment)
            let record = try #require(try json.json(Document.self).records.first)
            #expect(record.deviceLimits?.count == record.limits.count)
        }
    }

    @Test func showsLimitsSendsFailuresAndChallenges() async throws {
        try await Demo.run { demo in
            let token = try #require(try await demo.issue(FlowTests.number).token)
            let code = try await demo.code(FlowTests.number)
            _ = try await demo.otp("verify", FlowTests.number, token, Demo.wrong(code))
            let text = try await demo.otp("inspect", FlowTests.number)
            #expect(text.status == 0, "\(text)")
            for part in [
                "+65****67 at 20", "sends: 1 recorded, cooldown step 1", "failed attempts: 1 recorded, streak 1",
                "4 attempts remaining, 1 made, sends: 1, expires at 20", "cooldown: 1, refuses until 20",
                "sends: 1 of 5 in 3600 s", "failures: 1 of 10 in 3600 s", "consecutiveFailures: 1 of 100",
            ] {
                #expect(text.output.contains(part), "\(part) is not in \(text)")
            }
            let json = try await demo.otp("inspect", FlowTests.number, "--json")
            let document = try json.json(Document.self)
            let record = try #require(document.records.first)
            #expect(document.to == "+65****67")
            #expect(document.records.count == 1)
            #expect(record.isUsed)
            #expect(record.sends.count == 1)
            #expect(record.failures.count == 1)
            #expect(record.failureStreak == 1)
            #expect(record.deviceLimits == nil)
            let challenge = try #require(record.challenges.first)
            #expect(challenge.attemptsRemaining == 4)
            #expect(challenge.attemptsMade == 1)
            #expect(challenge.sends == 1)
            #expect(challenge.expiresAt > document.time)
            let cooldowns = record.limits.filter { $0.name == "cooldown" }
            let cooldown = try #require(cooldowns.first)
            let end = try #require(cooldown.refusesUntil)
            #expect(cooldown.refuses)
            #expect(cooldown.used == 1)
            #expect(end > document.time)
            for run in [text, json] {
                #expect(!run.description.contains(code) && !run.description.contains("91234567"))
                let secret = String(token.dropFirst(3))
                #expect(!run.description.contains(secret))
            }
        }
    }

    @Test func reportsANumberWithoutARecord() async throws {
        try await Demo.run { demo in
            let nothing = try await demo.otp("inspect", FlowTests.number, "--json")
            #expect(nothing.status == 2, "\(nothing)")
            #expect(try nothing.error.code == "noRecord")
        }
    }

    @Test func reportsAnUnreachableStore() async throws {
        try await Demo.run { demo in
            var environment = demo.environment
            environment["OTP_REDIS_URL"] = "unix:///nowhere/redis.sock"
            let run = try await Program.run(["inspect", FlowTests.number, "--json"], environment: environment)
            #expect(run.status == 69, "\(run)")
            #expect(try run.error.code == "unreachable")
        }
    }
}
