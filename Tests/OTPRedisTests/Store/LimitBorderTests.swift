// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPTesting
import Testing

@testable import OTPRedis

/// Tests of the capacity of a record, and of several policies in one store.
@Suite struct LimitBorderTests {
    private static func limits(_ change: (inout OTPLimits) -> Void) throws -> StoreLimits {
        var limits = OTPLimits()
        limits.cooldown = [.zero]
        limits.sends = [WindowLimit(1_000, per: .seconds(3_600))]
        limits.failures = [WindowLimit(255, per: .seconds(3_600))]
        limits.consecutiveFailures = 255
        change(&limits)
        return try StoreLimits(limits)
    }

    private static var challenge: ChallengeReference {
        ChallengeReference(
            id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
            check: RedisOTPStoreTests.random(16)
        )
    }

    private static func code(sealed: Int = 0) -> ProtectedCode {
        ProtectedCode(
            keyID: "k1",
            authenticator: RedisOTPStoreTests.random(32),
            sealed: RedisOTPStoreTests.random(sealed)
        )
    }

    private static var wrong: Attempt {
        Attempt(candidates: [.init(keyID: "k1", authenticator: RedisOTPStoreTests.random(32))])
    }

    @Test func mostAttemptsAreCountedDownToZero() async throws {
        try await TestRedis.with { redis in
            let limits = try Self.limits {
                $0.attemptsPerCode = 31
                $0.attemptsPerChallenge = 31
            }
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let challenge = Self.challenge
            _ = try await redis.store.issue(challenge, code: Self.code(), for: number, limits: limits)
            for remaining in (0..<31).reversed() {
                let decision = try await redis.store.verify(Self.wrong, of: challenge, for: number, limits: limits)
                guard case .mismatched(remaining, _) = decision else {
                    Issue.record("\(decision) instead of \(remaining) left")
                    return
                }
            }
            guard case .exhausted = try await redis.store.verify(Self.wrong, of: challenge, for: number, limits: limits)
            else {
                Issue.record("one more attempt was compared")
                return
            }
        }
    }

    @Test func mostSendsOfAChallengeAndOfAWindowAreCounted() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let limits = try Self.limits { $0.sendsPerChallenge = 255 }
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let challenge = Self.challenge
            _ = try await redis.store.issue(challenge, code: Self.code(sealed: 6), for: number, limits: limits)
            let same = ResendCode.same(length: 6, keyIDs: ["k1"])
            for _ in 0..<254 {
                guard
                    case .admitted = try await redis.store.resend(challenge, code: same, for: number, limits: limits)
                else {
                    Issue.record("a resend was refused")
                    return
                }
            }
            #expect(try await redis.store.status(of: challenge.id, for: number, limits: limits)?.sendCount == 255)
            let last = try await redis.store.resend(challenge, code: same, for: number, limits: limits)
            guard case .refused(let refusal, _) = last else {
                Issue.record("\(last)")
                return
            }
            #expect(refusal.limit == .sendsPerChallenge)
            for _ in 0..<745 {
                _ = try await redis.store.issue(Self.challenge, code: Self.code(), for: number, limits: limits)
            }
            let full = try await redis.store.issue(Self.challenge, code: Self.code(), for: number, limits: limits)
            guard case .refused(let window, _) = full else {
                Issue.record("\(full)")
                return
            }
            #expect(window.limit == .sends(limits.sends[0]))
            #expect(try await redis.store.status(of: challenge.id, for: number, limits: limits)?.sendCount == 255)
        }
    }

    @Test func longestFailureStreakDisables() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let limits = try Self.limits { $0.attemptsPerCode = 5 }
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            for _ in 0..<51 {
                let challenge = Self.challenge
                _ = try await redis.store.issue(challenge, code: Self.code(), for: number, limits: limits)
                for _ in 0..<5 {
                    let decision = try await redis.store.verify(Self.wrong, of: challenge, for: number, limits: limits)
                    guard case .mismatched = decision else {
                        Issue.record("\(decision)")
                        return
                    }
                }
            }
            let decision = try await redis.store.issue(Self.challenge, code: Self.code(), for: number, limits: limits)
            guard case .refused(let refusal, _) = decision else {
                Issue.record("\(decision)")
                return
            }
            #expect(refusal.limit == .consecutiveFailures)
        }
    }

    /// A regression test: after the clock was set back by six minutes, a code with a lifetime of 300 s was accepted after 657
    /// s.
    @Test func codeTriedWhileTheClockWasBackStaysInvalid() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let challenges = [Self.challenge, Self.challenge]
            let code = Self.code()
            let limits = try Self.limits { _ in }
            for challenge in challenges {
                _ = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
            }
            // The state contains the counts of the attempted challenge. The counts of the other challenge are in the challenge
            // itself.
            _ = try await redis.store.verify(Self.wrong, of: challenges[0], for: number, limits: limits)
            let right = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
            try redis.clock.advance(by: .seconds(-360))
            for wait in [0, 297, 3, 60, 297] {
                try redis.clock.advance(by: .seconds(wait))
                for challenge in challenges {
                    let decision = try await redis.store.verify(right, of: challenge, for: number, limits: limits)
                    guard case .absent = decision else {
                        Issue.record("\(decision)")
                        return
                    }
                }
            }
        }
    }

    /// An exception: a code or a proof remains valid if it is not used while the clock is set back.
    @Test func firstAttemptAfterTheClockCaughtUpIsAccepted() async throws {
        try await TestRedis.with(frozen: true) { redis in
            for jump in [Int64(61), 360, 86_400] {
                let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
                let (challenge, code) = (Self.challenge, Self.code())
                let limits = try Self.limits { _ in }
                let issued = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
                guard case .admitted(let admission) = issued else { throw TestRedis.Unexpected() }
                try redis.clock.advance(by: .seconds(-jump))
                try redis.clock.advance(by: .seconds(jump + 299))
                let right = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
                let decision = try await redis.store.verify(right, of: challenge, for: number, limits: limits)
                #expect(decision == .matched(at: admission.time + .seconds(299)))
                let proof = RedisOTPStoreTests.random(16)
                let expiry = admission.time + .seconds(600)
                #expect(try await redis.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(600)))
                #expect(try await !redis.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(600)))
            }
        }
    }

    @Test func proofTriedWhileTheClockWasBackStaysUsed() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let decision = try await redis.store
                .issue(Self.challenge, code: Self.code(), for: number, limits: .init())
            guard case .admitted(let admission) = decision else { throw TestRedis.Unexpected() }
            for (lifetime, jump) in [(Int64(600), Int64(86_400)), (600, 61), (60, 120), (600, 7_200)] {
                let proof = RedisOTPStoreTests.random(16)
                let expiry = admission.time + .seconds(lifetime)
                try redis.clock.advance(by: .seconds(-jump))
                for wait in [0, jump - 1, 1] {
                    try redis.clock.advance(by: .seconds(wait))
                    #expect(
                        try await !redis.store.redeem(proof: proof, expiringAt: expiry, lifetime: .seconds(lifetime))
                    )
                }
            }
        }
    }

    /// A rejected send needs the record longer than an attempt or a success, so these must not shorten its TTL.
    @Test(arguments: [1, 3], [false, true])
    func refusedSendOutlivesAttempts(wrongAttempts: Int, isVerified: Bool) async throws {
        try await TestRedis.with(frozen: true) { redis in
            let day = Duration.seconds(86_400)
            let second = WindowLimit(9, per: .seconds(1))
            let limits = try Self.limits {
                $0.refusedCooldown = [day * 20]
                ($0.sends, $0.failures) = ([second], [second])
                ($0.cooldownReset, $0.consecutiveFailuresRetention) = (.seconds(1), .seconds(1))
            }
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
            let (challenge, code) = (Self.challenge, Self.code(sealed: 6))
            _ = try await redis.store.issue(challenge, code: code, for: number, limits: limits)
            let same = ResendCode.same(length: 6, keyIDs: ["k1"])
            guard
                case .admitted(let admission, _) =
                    try await redis.store.resend(challenge, code: same, for: number, limits: limits)
            else { throw TestRedis.Unexpected() }
            let reservation = SendReservation(challenge: challenge.id, time: admission.time, kind: .resend)
            try await redis.store.release(reservation, for: number, limits: limits)
            for _ in 0..<wrongAttempts {
                _ = try await redis.store.verify(Self.wrong, of: challenge, for: number, limits: limits)
            }
            if isVerified {
                let right = Attempt(candidates: [.init(keyID: "k1", authenticator: code.authenticator)])
                let decision = try await redis.store.verify(right, of: challenge, for: number, limits: limits)
                #expect(decision == .matched(at: admission.time))
            }
            try redis.clock.advance(by: day * 19)
            let later = try await redis.store.issue(Self.challenge, code: Self.code(), for: number, limits: limits)
            guard case .refused(let refusal, _) = later else {
                Issue.record("\(later)")
                return
            }
            #expect(refusal == Refusal(.refusedSends, retryAfter: day))
        }
    }

    @Test func hundredPoliciesKeepTheirScripts() throws {
        let cache = ScriptCache()
        let policies = try (1...100).map { count in try Self.limits { $0.sends[0].count = count } }
        let scripts = policies.map(cache.scripts)
        for (limits, scripts) in zip(policies, scripts) { #expect(cache.scripts(for: limits) === scripts) }
        // Equal limits share one set of scripts.
        let again = try Self.limits { $0.sends[0].count = 50 }
        #expect(cache.scripts(for: again) === scripts[49])
    }

    @Test func cacheIsBoundedForEverNewLimits() throws {
        let cache = ScriptCache()
        let policies = try (1...200).map { count in try Self.limits { $0.sends[0].count = count } }
        for limits in policies { _ = cache.scripts(for: limits) }
        #expect(cache.count == ScriptCache.capacity)
        // Even if there are more policies than the capacity, the cache returns some scripts again.
        let inTurn = policies.prefix(ScriptCache.capacity + 4)
        let earlier = inTurn.map(cache.scripts)
        let found = zip(inTurn, earlier).count { cache.scripts(for: $0) === $1 }
        #expect(found > 8)
    }

    @Test func concurrentCallersShareScripts() async throws {
        let cache = ScriptCache()
        let limits = try Self.limits { $0.sendsPerChallenge = 7 }
        let scripts = await withTaskGroup(of: Scripts.self) { group in
            for _ in 0..<16 { group.addTask { cache.scripts(for: limits) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(cache.count == 1)
        for other in scripts { #expect(other === cache.scripts(for: limits)) }
    }
}
