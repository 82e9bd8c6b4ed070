// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import RedisTopologies
import Testing

/// Tests of the store on a Redis Cluster.
@Suite(.serialized) struct ClusterStoreTests {
    @Test func conformsOnACluster() async throws {
        try await Self.withCluster { group, clock, client in
            let check = OTPStoreConformance(store: RedisOTPStore(client: client)) { try clock.advance(by: $0) }
            try await check.run(seed: 20_261_122)
            let outcomes = try await check.checkRandomSteps(3_000, seed: 20_261_123)
            for outcome in ["issue admitted", "verify matched", "verify mismatched", "resend admitted", "cancel true"] {
                #expect(outcomes[outcome, default: 0] > 5, "\(outcome): \(outcomes[outcome, default: 0])")
            }
            // Every node has run some of the scripts.
            for node in group.nodes { #expect(try await node.calls(of: "evalsha") > 100) }
        }
    }

    @Test func allKeysOfANumberShareAHashSlot() async throws {
        try await Self.withCluster { group, _, client in
            let store = RedisOTPStore(client: client)
            var slots: [String: Set<Int>] = [:]
            var kinds: Set<String> = []
            for _ in 0..<20 {
                let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
                for _ in 0..<2 {
                    let challenge = ChallengeReference(
                        id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
                        check: RedisOTPStoreTests.random(16)
                    )
                    let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
                    var settings = OTPLimits()
                    settings.cooldown = [.seconds(1)]
                    settings.sends = [WindowLimit(5, per: .seconds(3_600))]
                    let limits = try StoreLimits(settings)
                    _ = try await store.issue(challenge, code: code, for: number, limits: limits)
                }
            }
            for node in group.nodes {
                guard case .array(let keys) = try await node.client.send("KEYS", "*") else { throw Unexpected() }
                for case .bulk(let bytes) in keys {
                    let key = String(decoding: bytes, as: UTF8.self)
                    let parts = try #require(key.wholeMatch(of: /otp:(\{[\w-]{22}\})(:p)?/))
                    kinds.insert(parts.2.map(String.init) ?? "")
                    slots[String(parts.1), default: []].insert(try await group.slot(of: key))
                }
            }
            #expect(slots.count == 20)
            #expect(slots.values.allSatisfy { $0.count == 1 })
            #expect(Set(slots.values.flatMap(\.self)).count > 10)
            #expect(kinds.contains(""))
        }
    }

    @Test func numberIsServedWhileItsSlotMigrates() async throws {
        try await Self.withCluster { group, _, client in
            let store = RedisOTPStore(client: client)
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let challenge = ChallengeReference(
                id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
                check: RedisOTPStoreTests.random(16)
            )
            let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
            _ = try await store.issue(challenge, code: code, for: number, limits: .init())
            guard case .array(let keys) = try await self.keys(group), case .bulk(let key)? = keys.first else {
                throw Unexpected()
            }
            let slot = try await group.slot(of: String(decoding: key, as: UTF8.self))
            let source = try await group.primary(of: slot)
            let migration = try await group.migration(of: slot, to: group.nodes[(source.index + 1) % 3])
            let wrong = Attempt(candidates: [.init(keyID: "k1", authenticator: RedisOTPStoreTests.random(32))])
            func attempts() async throws -> Int? {
                let decision = try await store.verify(wrong, of: challenge, for: number, limits: .init())
                guard case .mismatched(let attempts, _) = decision else { return nil }
                return attempts
            }
            #expect(try await attempts() == 4)
            try await migration.begin()
            #expect(try await attempts() == 3)
            // A record is a single key, which is on one of the two nodes. Therefore no step has to wait.
            try await migration.moveKeys()
            #expect(try await attempts() == 2)
            #expect(try await attempts() == 1)
            try await migration.end()
            let right = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
            guard case .matched = try await store.verify(right, of: challenge, for: number, limits: .init()) else {
                Issue.record("the right code was refused")
                return
            }
        }
    }

    private func keys(_ group: ClusterGroup) async throws -> RedisReply {
        for node in group.nodes {
            let reply = try await node.client.send("KEYS", "*")
            if reply != .array([]) { return reply }
        }
        return .null
    }

    /// Runs a closure with a cluster of three nodes whose clocks only the test moves.
    static func withCluster(
        _ body: (ClusterGroup, MovableClock, RedisClient) async throws -> Void
    ) async throws {
        let clock = try await MovableClock()
        // Nodes measure timeouts with the wall clock. After a jump of one year, every node would seem to have been silent for a
        // year.
        let never = 1 << 40
        try await withClusterGroup(
            replicasPerPrimary: 0,
            nodeTimeout: never,
            environment: clock.environment
        ) { group in
            try clock.freeze()
            var configuration = group.configuration
            configuration.commandTimeout = .seconds(30)
            let client = RedisClient(configuration: configuration)
            do {
                try await body(group, clock, client)
                await client.shutdown()
            } catch {
                await client.shutdown()
                throw error
            }
        }
    }

    private struct Unexpected: Error {}
}
