// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import PrivateRedis
import RedisTopologies
import SMSKit
import SendGuardTesting
import Testing

@testable import OTPRedis
@testable import SendGuard

/// Tests of the guard's ledger on one Redis server.
@Suite struct RedisSendLedgerTests {
    /// Runs a closure with a ledger whose client has only the documented rights.
    private static func with(
        frozen: Bool = true,
        _ body: (TestRedis, RedisSendLedger) async throws -> Void
    ) async throws {
        try await TestRedis.with(frozen: frozen) { redis in
            let ledger = RedisSendLedger(client: RedisClient(configuration: try TestRedis.restricted(redis.server)))
            let result: Swift.Result<Void, any Error>
            do {
                result = .success(try await body(redis, ledger))
            } catch {
                result = .failure(error)
            }
            await ledger.shutdown()
            try result.get()
        }
    }

    private static func conformance(_ redis: TestRedis, _ ledger: RedisSendLedger) -> SendLedgerConformance {
        SendLedgerConformance(ledger: ledger, movesBackwards: true) { try redis.clock.advance(by: $0) }
    }

    private static func request(_ number: String, from source: String?) throws -> SendRequest {
        SendRequest(
            number: try PhoneNumber(number),
            tenant: "acme",
            purpose: "registration",
            source: source.flatMap(SourceAddress.init)
        )
    }

    private static func sendGuard(_ ledger: RedisSendLedger) throws -> SMSGuard {
        // The hash needs no key in tests, and its values are distributed well enough.
        let hash = ScopeHash { bytes in
            (0..<12)
                .map { position in
                    UInt8(
                        truncatingIfNeeded: bytes.reduce(UInt64(position)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
                            >> 24
                    )
                }
        }
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 100_000))
        return try SMSGuard(policy: policy, ledger: ledger, hash: hash)
    }

    @Test func ledgerSharesTheConnectionsOfAStore() async throws {
        try await TestRedis.with { redis in
            let client = RedisClient(configuration: try RedisConfiguration(url: redis.server.url))
            let store = RedisOTPStore(client: client, prefix: "shared")
            let ledger = RedisSendLedger(sharing: store)
            let request = try Self.request("+6591234567", from: "192.0.2.1")
            let sendGuard = try Self.sendGuard(ledger)
            #expect(try await sendGuard.reserve(request).outcome == .allow)
            let claim = sendGuard.scopes.table.claim(for: request)
            #expect(ledger.keys.origin(claim.origin).allSatisfy { $0.hasPrefix("shared:{") })
            // The ledger leaves the connections open.
            await ledger.shutdown()
            try await store.ping()
            await store.shutdown()
            await #expect(throws: RedisError.self) { try await sendGuard.reserve(request) }
        }
    }

    @Test func conforms() async throws {
        try await Self.with { redis, ledger in
            try await Self.conformance(redis, ledger).run()
        }
    }

    @Test func decidesAsTheSpecificationOverManySteps() async throws {
        try await Self.with { redis, ledger in
            try await Self.conformance(redis, ledger).checkRandomSteps(2_000, seed: 20_261_129)
            // Every TTL has elapsed. A key that remains would never expire.
            try redis.clock.advance(by: .seconds(400 * 86_400))
            #expect(try await redis.contents().isEmpty)
        }
    }

    @Test func everyKeyExpires() async throws {
        try await Self.with { redis, ledger in
            try await Self.conformance(redis, ledger).checkRandomSteps(500, seed: 20_261_130)
            for (key, _, lifetime) in try await redis.contents() { #expect(lifetime > 0, "\(key)") }
        }
    }

    @Test func recordsLiveThroughTheirLastSecond() async throws {
        try await Self.with { redis, ledger in
            var limits = ScopeLimits(.service)
            limits.failures = (.block, LeakyBucket.Limits(capacity: 9, checkedCapacity: 9, pause: 1, credit: 1))
            let scope = ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: limits)
            let facts = SendFacts(cost: 0, destination: RegionCode(.singapore), signals: [])
            let claim = SendClaim(origin: [], shared: [scope], facts: facts)
            // If a success follows no failure, the record is needed for only one second.
            try await ledger.record([SendOutcome(claim, .verified)])
            let key = RedisArgument.text(ledger.keys.shared(scope))
            guard case .array(let time) = try await redis.client.send("TIME"), case .bulk(let now) = time[0] else {
                throw TestRedis.Unexpected()
            }
            let expiry = try #require(Int64(String(decoding: now, as: UTF8.self) + "999")) + 1_000
            #expect(try await redis.client.send("PEXPIRETIME", key) == .integer(expiry))
            // Redis 8.0 also removes keys in the millisecond of their expiry, if its periodic search finds them.
            _ = try await redis.client.send("SET", ["otp:canary", "", "PX", "999"])
            try redis.clock.advance(by: .seconds(1))
            try await waitUntil("the search has removed the canary") {
                try await redis.client.send("DBSIZE") == .integer(1)
            }
            #expect(try await ledger.records(of: claim) != [nil])
            try redis.clock.advance(by: .seconds(1))
            #expect(try await ledger.records(of: claim) == [nil])
        }
    }

    @Test func oneOfManySendsFromFourClientsGetsTheLastMessage() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let configuration = try TestRedis.restricted(redis.server)
            let ledgers = (0..<4).map { _ in RedisSendLedger(client: RedisClient(configuration: configuration)) }
            var limits = ScopeLimits(.service)
            limits.messages = (.block, 10)
            let service = ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: limits)
            let claim = { () -> SendClaim in
                let origin = [GuardScope.network, .source]
                    .map { ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: ScopeLimits($0)) }
                let facts = SendFacts(cost: 0, destination: RegionCode(.singapore), signals: [])
                return SendClaim(origin: origin, shared: [service], facts: facts)
            }
            for _ in 0..<9 { _ = try await ledgers[0].reserve(claim()) }
            let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    let claim = claim()
                    group.addTask { try await ledgers[number % 4].reserve(claim).isAdmitted }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(admitted == 1)
            for ledger in ledgers { await ledger.shutdown() }
        }
    }

    @Test func recordsAreSmall() async throws {
        try await Self.with { redis, ledger in
            let sendGuard = try Self.sendGuard(ledger)
            let request = try Self.request("+6591234567", from: "192.0.2.1")
            _ = try await sendGuard.reserve(request)
            let claim = sendGuard.outcome(.verified, of: request).claim
            let source = ledger.keys.origin(claim.origin)[1]
            let block = ledger.keys.shared(claim.shared[3])
            for (key, most) in [(source, 200), (block, 280)] {
                guard case .integer(let bytes) = try await redis.client.send("MEMORY", ["USAGE", .text(key)]) else {
                    Issue.record("no key \(key)")
                    return
                }
                // In addition, the entry in the dictionary of TTLs takes 32 bytes, and the hash tables take 16 bytes.
                #expect(bytes + 48 <= most, "\(key): \(bytes)")
            }
        }
    }

    @Test func noKeyAndNoValueRevealsANumberOrAnAddress() async throws {
        try await Self.with { redis, ledger in
            let sendGuard = try Self.sendGuard(ledger)
            let request = try Self.request("+6591234567", from: "192.0.2.1")
            _ = try await sendGuard.reserve(request)
            try await sendGuard.record([sendGuard.outcome(.failed, of: request)])
            await sendGuard.flushReport()
            try await sendGuard.setMode(.monitor, of: GuardRule.Name(.growth, .block))
            let contents = try await redis.contents()
            // Seven scopes, the report of the day and the modes.
            #expect(contents.count == 9)
            for (key, value, _) in contents {
                let text = key + String(decoding: value, as: UTF8.self)
                for secret in ["6591234567", "659123", "192.0.2", "acme", "registration"] {
                    #expect(!text.contains(secret))
                }
                for bytes in [[192, 0, 2] as [UInt8], Array("659123".utf8)] {
                    #expect(value.firstRange(of: bytes) == nil)
                }
            }
        }
    }

    @Test func lockdownHoldsForTheNextSendOfEveryClient() async throws {
        try await Self.with { redis, ledger in
            let other = RedisSendLedger(client: RedisClient(configuration: try TestRedis.restricted(redis.server)))
            let first = try Self.sendGuard(ledger)
            let second = try Self.sendGuard(other)
            var request = try Self.request("+6591234567", from: "192.0.2.1")
            #expect(try await second.reserve(request).outcome == .allow)
            try await first.lockDown(.singapore, forSeconds: 3_600)
            let decision = try await second.reserve(request)
            #expect(decision.outcome == .block)
            #expect(decision.reason?.rule == GuardRule.Name(.lockdown, .homeRegion))
            #expect(decision.reason?.wait == 3_600)
            request.signals = [.knownDevice]
            #expect(try await second.reserve(request).outcome == .allow)
            request.signals = []
            try await first.endLockdown(.singapore)
            #expect(try await second.reserve(request).outcome == .allow)
            await other.shutdown()
        }
    }

    @Test(arguments: ["~otp:{g}*", "~otp:{o*"])
    func sendWithAFailedCallIsReleasedInTheOtherGroup(keys: String) async throws {
        try await Self.with { redis, ledger in
            // The user has rights for one group of scopes only, so the script of the other group fails.
            _ = try await redis.client.send("ACL", ["SETUSER", "half", "on", ">secret", "+@all", .text(keys)])
            let url = "\(redis.server.url)?username=half&password=secret"
            let half = RedisSendLedger(client: RedisClient(configuration: try RedisConfiguration(url: url)))
            let sendGuard = try Self.sendGuard(half)
            let request = try Self.request("+6591234567", from: "192.0.2.1")
            for _ in 0..<3 {
                await #expect(throws: RedisError.self) { try await sendGuard.reserve(request) }
            }
            let records = try await ledger.records(of: sendGuard.outcome(.verified, of: request).claim)
            #expect(records.contains { $0 != nil })
            #expect(records.allSatisfy { ($0?.sent ?? 0) == 0 && ($0?.unverified.level ?? 0) == 0 }, "\(records)")
            await half.shutdown()
        }
    }

    @Test func scriptsAreLoadedAgainAfterAFlush() async throws {
        try await Self.with { redis, ledger in
            let sendGuard = try Self.sendGuard(ledger)
            let request = try Self.request("+6591234567", from: nil)
            _ = try await sendGuard.reserve(request)
            _ = try await redis.client.send("SCRIPT", ["FLUSH"])
            #expect(try await sendGuard.reserve(request).outcome == .allow)
        }
    }

    @Test(arguments: ["garbage", ""])
    func malformedRecordsAreErrors(value: String) async throws {
        try await Self.with { redis, ledger in
            let sendGuard = try Self.sendGuard(ledger)
            let request = try Self.request("+6591234567", from: "192.0.2.1")
            _ = try await sendGuard.reserve(request)
            for (key, _, _) in try await redis.contents() {
                _ = try await redis.client.send("SET", [.text(key), .text(value), "PX", 60_000])
            }
            await #expect(throws: RedisError.self) { try await sendGuard.reserve(request) }
            await #expect(throws: RedisError.self) {
                try await sendGuard.record([sendGuard.outcome(.verified, of: request)])
            }
        }
    }

    @Test(arguments: [
        [], [0, 0, 0], [0, 0, 0, 1, 0, 0, 9], [0, 0, 0, 1, 0, 5, 0, 0, 0, 9], [0, 0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 1] + [99, 1, 1] + [UInt8](repeating: 0, count: 18),
        [0, 0, 0, 1, 0, 0, 0, 1] + [1, 99, 1] + [UInt8](repeating: 0, count: 18),
        [0, 0, 0, 1, 0, 0, 0, 1] + [1, 1, 99] + [UInt8](repeating: 0, count: 18),
    ])
    func repliesOfAnotherShapeAreErrors(bytes: [UInt8]) {
        #expect(throws: RedisError.self) { try LedgerReply.replies(packed: bytes, count: 2) }
    }

    @Test func replyHasTheFindingsOfEachSend() throws {
        let finding = [1, 1, 5] + [UInt8](repeating: 0, count: 17) + [7]
        let bytes: [UInt8] = [0, 0, 0, 9, 0, 0] + [0] + [2] + finding + finding + [0]
        let replies = try LedgerReply.replies(packed: bytes, count: 3)
        #expect(replies.map(\.time.seconds) == [9, 9, 9])
        #expect(replies.map(\.findings.count) == [0, 2, 0])
        #expect(replies[1].findings[1].wait == 7)
        #expect(replies[0].modes == nil)
    }

    @Test func layoutHasAFieldForEveryNumberOfTheRules() {
        #expect(ScopeLimits(.source).fields.count == GuardLayout.Rule.allCases.count)
        #expect(GuardLayout.Scope.size + 3 * GuardLayout.Destination.size == 44)
    }
}
