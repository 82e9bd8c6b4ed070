// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import SMSKit
import SendGuard
import Testing

@testable import OTPRedis

/// Tests of the guard's run-time modes and report in Redis.
@Suite struct RedisRunTimeTests {
    private static let rule = GuardRule.Name(.unverified, .block)

    /// Runs a closure with several ledgers, each with its own connection and only the documented rights.
    private static func with(
        ledgers count: Int = 1,
        _ body: (TestRedis, [RedisSendLedger]) async throws -> Void
    ) async throws {
        try await TestRedis.with(frozen: true) { redis in
            let configuration = try TestRedis.restricted(redis.server)
            let ledgers = (0..<count).map { _ in RedisSendLedger(client: RedisClient(configuration: configuration)) }
            let result: Swift.Result<Void, any Error>
            do {
                result = .success(try await body(redis, ledgers))
            } catch {
                result = .failure(error)
            }
            for ledger in ledgers { await ledger.shutdown() }
            try result.get()
        }
    }

    private static func claim(knowing version: Int = 0) -> SendClaim {
        let scope = ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: ScopeLimits(.service))
        let facts = SendFacts(cost: 0, destination: RegionCode(.singapore), signals: [])
        var claim = SendClaim(origin: [], shared: [scope], facts: facts)
        claim.modesVersion = version
        return claim
    }

    @Test func modesReachOtherProcessesWithTheirNextReply() async throws {
        try await Self.with(ledgers: 2) { _, ledgers in
            #expect(try await ledgers[1].reserve(Self.claim()).modes == nil)
            let modes = try await ledgers[0].setMode(.shadow, of: Self.rule)
            #expect(modes.overrides == [Self.rule: .shadow])
            #expect(try await ledgers[1].reserve(Self.claim()).modes == modes)
            #expect(try await ledgers[1].reserve(Self.claim(knowing: modes.version)).modes == nil)
        }
    }

    @Test func lossOfTheModesIsNoticed() async throws {
        try await Self.with { redis, ledgers in
            let modes = try await ledgers[0].setMode(.off, of: Self.rule)
            _ = try await redis.client.send("DEL", .text(ledgers[0].keys.modes))
            #expect(try await ledgers[0].reserve(Self.claim(knowing: modes.version)).modes == GuardModes())
        }
    }

    @Test func concurrentChangesAreAllKept() async throws {
        try await Self.with(ledgers: 4) { _, ledgers in
            let rules = GuardMeasure.allCases.flatMap { measure in
                GuardScope.allCases.map { GuardRule.Name(measure, $0) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (position, rule) in rules.enumerated() {
                    group.addTask { _ = try await ledgers[position % 4].setMode(.shadow, of: rule) }
                }
                try await group.waitForAll()
            }
            #expect(try await ledgers[0].modes().modes.overrides.count == rules.count)
        }
    }

    @Test func modesAndReportsExpire() async throws {
        try await Self.with { redis, ledgers in
            _ = try await ledgers[0].setMode(.off, of: Self.rule)
            try await ledgers[0].add([ReportedEvent(.sent, region: RegionCode(.singapore)): 1])
            let today = try await ledgers[0].modes().time.seconds / 86_400
            let lifetimes = try await redis.contents().map(\.lifetime).sorted()
            #expect(lifetimes.count == 2)
            #expect(lifetimes[0] > 32 * 86_400_000 && lifetimes[0] <= 33 * 86_400_000)
            #expect(lifetimes[1] == 365 * 86_400_000 + 999)
            #expect(try await ledgers[0].report(ofDay: today).total(.sent) == 1)
            #expect(try await ledgers[0].report(ofDay: today - 1) == ReportDay())
        }
    }

    @Test func reportCountsAThousandBlocksAndTheOthersByRegion() async throws {
        try await Self.with { redis, ledgers in
            let today = try await ledgers[0].modes().time.seconds / 86_400
            var expected = ReportDay()
            for batch in 0..<4 {
                var counts: [ReportedEvent: Int] = [ReportedEvent(.verified, region: RegionCode(nil)): 1]
                for block in 0..<400 {
                    let event = ReportedEvent(.sent, region: RegionCode(.singapore), block: "\(batch * 300 + block)")
                    counts[event] = batch + 1
                }
                try await ledgers[0].add(counts)
                expected.add(counts)
            }
            #expect(try await ledgers[0].report(ofDay: today) == expected)
            #expect(expected.counts.keys.count { !$0.block.isEmpty } == 1_000)
            #expect(expected.counts[ReportedEvent(.sent, region: RegionCode(.singapore))] != nil)
            let size = try await redis.contents().map(\.value.count).max() ?? 0
            #expect(size < 20_000, "the report has \(size) bytes")
        }
    }

    @Test(arguments: ["x", "1", "1 sent", "1 sent SG\nx sent SG\n", "1 found SG\n"])
    func malformedReportsAreErrors(text: String) async throws {
        try await Self.with { redis, ledgers in
            try await ledgers[0].add([ReportedEvent(.sent, region: RegionCode(.singapore)): 1])
            let today = try await ledgers[0].modes().time.seconds / 86_400
            let key = RedisArgument.text(ledgers[0].keys.report(ofDay: today))
            _ = try await redis.client.send("SET", [key, .text(text), "PX", 60_000])
            await #expect(throws: RedisError.self) { try await ledgers[0].report(ofDay: today) }
        }
    }

    @Test(arguments: [
        [], [0, 0, 0], [0, 0, 0, 1, 9], [0, 0, 0, 1, 99, 1, 1], [0, 0, 0, 1, 1, 99, 1], [0, 0, 0, 1, 1, 1, 99],
    ])
    func malformedModesAreErrors(bytes: [UInt8]) async throws {
        try await Self.with { redis, ledgers in
            let key = RedisArgument.text(ledgers[0].keys.modes)
            _ = try await redis.client.send("SET", [key, .bytes(bytes), "PX", 60_000])
            await #expect(throws: RedisError.self) { try await ledgers[0].modes() }
            await #expect(throws: RedisError.self) { try await ledgers[0].reserve(Self.claim(knowing: 7)) }
        }
    }
}
