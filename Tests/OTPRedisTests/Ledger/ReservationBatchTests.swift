// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SMSKit
import SendGuard
import Testing

@testable import Hiredis
@testable import OTPRedis

/// Tests that concurrent sends share script calls, but have no other effect on each other.
@Suite(.timeLimit(.minutes(1))) struct ReservationBatchTests {
    private static let keys = LedgerKeySchema(prefix: "otp")
    private static let service = Self.scope(.service)
    private static let network = Self.scope(.network)

    private static func scope(_ kind: GuardScope, budget: Int = 1_000) -> ScopeClaim {
        var limits = ScopeLimits(kind)
        limits.messages = (.block, budget)
        return ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: limits)
    }

    /// Returns a claim with its own source and its own number block.
    private static func claim(_ service: ScopeClaim = Self.service, version: Int = 0) -> SendClaim {
        var claim = SendClaim(
            origin: [Self.network, Self.scope(.source)],
            shared: [service, Self.scope(.block)],
            facts: SendFacts(cost: 1, destination: RegionCode(.singapore), signals: [])
        )
        claim.modesVersion = version
        return claim
    }

    private static func batches(_ claims: [SendClaim]) -> [ReservationBatch] {
        ReservationBatch.batches(of: claims.map { PendingReservation($0) }, Self.keys)
    }

    @Test func sendsShareACallForEachGroup() {
        let batches = Self.batches((0..<30).map { _ in Self.claim() })
        #expect(batches.map(\.sends.count) == [30, 30])
        // The network and 30 sources; the service, 30 blocks and the modes.
        #expect(batches.map { $0.keys(Self.keys).count } == [31, 32])
    }

    @Test func callHasFortyKeysAtMost() {
        let batches = Self.batches((0..<100).map { _ in Self.claim() })
        #expect(batches.allSatisfy { $0.keys(Self.keys).count <= GuardScripts.mostKeys })
        #expect(batches.filter { $0.group == .shared }.map(\.sends.count) == [38, 38, 24])
        #expect(batches.filter { $0.group != .shared }.map(\.sends.count) == [38, 38, 24])
    }

    @Test func networksOfDifferentSlotsDoNotShareACall() {
        let claims = (0..<8)
            .map { first -> SendClaim in
                var claim = Self.claim()
                claim.origin[0] = ScopeClaim(
                    name: ScopeName([UInt8(first)] + claim.origin[0].name.bytes.dropFirst()),
                    limits: ScopeLimits(.network)
                )
                return claim
            }
        let batches = Self.batches(claims + claims)
        #expect(batches.count == 9)
        for batch in batches {
            let tags = Set(batch.keys(Self.keys).map { $0.prefix { $0 != "}" } })
            #expect(tags.count == 1, "\(tags)")
        }
    }

    @Test func tagsOfOriginsAreSpreadEvenly() {
        let slots = LedgerKeySchema.originTags.map { Int(HashSlot(key: "otp:{\($0)}x").number) }
        #expect(slots.map { $0 / 2_048 } == Array(0..<8))
    }

    @Test func claimWithOtherRulesStartsAnotherCall() {
        let changed = ScopeClaim(name: Self.service.name, limits: Self.scope(.service, budget: 5).limits)
        let equal = ScopeClaim(name: Self.service.name, limits: Self.service.limits)
        let claims = [Self.claim(), Self.claim(equal), Self.claim(changed), Self.claim(changed)]
        #expect(Self.batches(claims).filter { $0.group == .shared }.map(\.sends.count) == [2, 2])
    }

    @Test func claimWithAnotherVersionOfTheModesStartsAnotherCall() {
        let claims = [0, 7, 7, 0].map { Self.claim(version: $0) }
        #expect(Self.batches(claims).filter { $0.group == .shared }.map(\.sends.count) == [1, 2, 1])
    }

    @Test func concurrentSendsOfAnEventLoopShareCalls() async throws {
        try await Self.withLedger { redis, ledger, executor in
            _ = try await ledger.reserve(Self.claim())
            _ = try await redis.client.send("CONFIG", "RESETSTAT")
            let admitted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<128 {
                    group.addTask(executorPreference: executor) {
                        (try? await ledger.reserve(Self.claim()))?.isAdmitted ?? false
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(admitted == 128)
            // Four rounds of 32 sends, with two calls each. A few more are allowed, because tasks may start in several ticks.
            #expect(try await Self.calls(redis) <= 16)
        }
    }

    @Test func eachSendGetsItsOwnDecision() async throws {
        try await Self.withLedger { _, ledger, executor in
            let replies = try await withThrowingTaskGroup { group in
                for number in 0..<100 {
                    // The threshold of the finding names the send.
                    var limits = ScopeLimits(.block)
                    limits.money = (number % 3 == 0 ? .block : .monitor, number)
                    var claim = Self.claim()
                    claim.shared[1] = ScopeClaim(name: ScopeName(RedisOTPStoreTests.random(12)), limits: limits)
                    claim.facts.cost = 1_000
                    let send = claim
                    group.addTask(executorPreference: executor) { (number, try await ledger.reserve(send)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(replies.count == 100)
            for (number, reply) in replies {
                #expect(reply.findings.map(\.threshold) == [number])
                #expect(reply.isAdmitted == (number % 3 != 0))
            }
            // The sends that were refused are not counted.
            let network = try await ledger.records(of: Self.claim())[0]
            #expect(network?.sent == 66)
        }
    }

    @Test func cancelledCallerDoesNotAffectTheOthers() async throws {
        try await Self.withLedger { redis, ledger, executor in
            let service = Self.scope(.service, budget: 64)
            let admitted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<64 {
                    group.addTask(executorPreference: executor) {
                        // The first caller of a round starts its calls.
                        if number % 2 == 0 { withUnsafeCurrentTask { $0?.cancel() } }
                        return (try? await ledger.reserve(Self.claim(service)))?.isAdmitted ?? false
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(admitted == 64)
            let next = try await ledger.reserve(Self.claim(service))
            #expect(!next.isAdmitted)
        }
    }

    @Test func allCallersOfAFailedCallGetItsErrorAndNothingIsRepeated() async throws {
        try await Self.withLedger { redis, ledger, executor in
            let key = ledger.keys.shared(Self.service)
            _ = try await redis.client.send("SET", [.text(key), "garbage", "PX", 60_000])
            _ = try? await ledger.reserve(Self.claim())
            _ = try await redis.client.send("CONFIG", "RESETSTAT")
            let healthy = Self.scope(.service)
            let errors = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<32 {
                    group.addTask(executorPreference: executor) {
                        do {
                            _ = try await ledger.reserve(Self.claim())
                            return false
                        } catch {
                            return error is RedisError
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(errors == 32)
            // The shared scopes fail. Each send is then released in its network and source.
            #expect(try await Self.calls(redis, "failed_calls") <= 8)
            #expect(try await Self.calls(redis) <= 8 + 8 + 32)
            let other = try await ledger.reserve(Self.claim(healthy))
            #expect(other.isAdmitted)
        }
    }

    /// Returns a statistic of the script calls, by default their number.
    private static func calls(_ redis: TestRedis, _ field: String = "calls") async throws -> Int {
        guard case .bulk(let bytes) = try await redis.client.send("INFO", ["commandstats"]) else { return 0 }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
            .first { $0.hasPrefix("cmdstat_evalsha:") }
        let fields = line?.dropFirst("cmdstat_evalsha:".count).split(separator: ",") ?? []
        return fields.first { $0.hasPrefix("\(field)=") }.flatMap { Int($0.dropFirst(field.count + 1)) } ?? 0
    }

    /// Runs a closure with a ledger on one event loop, and the executor of the loop.
    private static func withLedger(
        _ body: (TestRedis, RedisSendLedger, EventLoopTaskExecutor) async throws -> Void
    ) async throws {
        try await TestRedis.with(frozen: true) { redis in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let configuration = try TestRedis.restricted(redis.server)
            let ledger = RedisSendLedger(client: RedisClient(configuration: configuration, eventLoopGroup: group))
            let result: Swift.Result<Void, any Error>
            do {
                result = .success(try await body(redis, ledger, EventLoopTaskExecutor(group.next())))
            } catch {
                result = .failure(error)
            }
            await ledger.shutdown()
            try await group.shutdownGracefully()
            try result.get()
        }
    }
}
