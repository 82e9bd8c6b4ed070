// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTP
import OTPRedis
import Testing

/// Tests of timestamps that are ahead of the server's clock.
///
/// A timestamp that is at most one minute ahead is accepted. A later timestamp is ignored.
@Suite struct ClockToleranceTests {
    private static let minute = Duration.seconds(60)

    @Test func oneMinuteAheadIsTolerated() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let number = try await Number(redis)
            try redis.clock.advance(by: .zero - Self.minute)
            // The remaining time of the code is its whole lifetime plus one minute.
            #expect(try await number.status()?.attemptsRemaining == 5)
            #expect(try await number.attempt().isMismatch)
            #expect(try await number.issue().refusal == Refusal(.cooldown, retryAfter: .seconds(180)))
            var settings = number.limits.values
            settings.cooldown = [.seconds(1)]
            let window = Refusal(.sends(settings.sends[0]), retryAfter: .seconds(160))
            #expect(try await number.issue(StoreLimits(settings)).refusal == window)
        }
    }

    @Test func timestampsFurtherAheadAreIgnored() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let number = try await Number(redis)
            try redis.clock.advance(by: .zero - Self.minute - .milliseconds(1))
            #expect(try await number.status() == nil)
            #expect(try await number.resend().isAbsent)
            #expect(try await number.attempt().isAbsent)
            #expect(try await number.issue().refusal == nil)
        }
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)])
    func failuresLockForOneMinuteMoreAtMost(_ excess: Duration) async throws {
        try await TestRedis.with(frozen: true) { redis in
            // The lifetime of the limits is extended, so that the code remains live after the excess.
            var number = try await Number(redis) { $0.lifetime = .seconds(300) }
            var settings = number.limits.values
            settings.lifetime = .seconds(600)
            number.limits = try StoreLimits(settings)
            for _ in 0..<2 { #expect(try await number.attempt().isMismatch) }
            try redis.clock.advance(by: .zero - Self.minute - excess)
            let lock = Refusal(.failures(number.limits.failures[0]), retryAfter: .seconds(3_660))
            if excess == .zero {
                #expect(try await number.issue().refusal == lock)
                #expect(try await number.attempt().lock == lock)
            } else {
                #expect(try await number.attempt().isMismatch)
                #expect(try await number.issue().refusal == nil)
            }
        }
    }

    /// A number with one challenge.
    private struct Number {
        let redis: TestRedis
        var limits: StoreLimits
        let index = PhoneNumberIndexes(PhoneNumberIndex(bytes: RedisOTPStoreTests.random(16)))
        let challenge = Self.newChallenge

        init(_ redis: TestRedis, _ change: (inout OTPLimits) -> Void = { _ in }) async throws {
            var limits = OTPLimits()
            limits.lifetime = .seconds(600)
            limits.cooldown = [.seconds(120)]
            limits.sends = [WindowLimit(1, per: .seconds(100))]
            limits.failures = [WindowLimit(2, per: .seconds(3_600))]
            change(&limits)
            self.redis = redis
            self.limits = try StoreLimits(limits)
            #expect(try await self.issue(as: self.challenge).refusal == nil)
        }

        private static var newChallenge: ChallengeReference {
            ChallengeReference(
                id: ChallengeID(bytes: RedisOTPStoreTests.random(16)),
                check: RedisOTPStoreTests.random(16)
            )
        }

        /// Issues the given challenge, or a new challenge by default.
        func issue(
            _ limits: StoreLimits? = nil,
            as challenge: ChallengeReference = newChallenge
        ) async throws -> IssueDecision {
            let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
            return try await self.redis.store
                .issue(challenge, code: code, for: self.index, limits: limits ?? self.limits)
        }

        /// Makes a wrong attempt.
        func attempt() async throws -> VerifyDecision {
            let attempt = Attempt(candidates: [.init(keyID: "k1", authenticator: RedisOTPStoreTests.random(32))])
            return try await self.redis.store.verify(attempt, of: self.challenge, for: self.index, limits: self.limits)
        }

        func resend() async throws -> ResendDecision {
            let code = ProtectedCode(keyID: "k1", authenticator: RedisOTPStoreTests.random(32), sealed: [])
            return try await self.redis.store.resend(
                self.challenge,
                code: .new(code),
                for: self.index,
                limits: self.limits
            )
        }

        func status() async throws -> ChallengeSnapshot? {
            try await self.redis.store.status(of: self.challenge.id, for: self.index, limits: self.limits)
        }
    }
}

extension IssueDecision {
    fileprivate var refusal: Refusal? {
        if case .refused(let refusal, _) = self { refusal } else { nil }
    }
}

extension VerifyDecision {
    fileprivate var isMismatch: Bool { if case .mismatched = self { true } else { false } }
    fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }

    fileprivate var lock: Refusal? {
        if case .locked(let refusal, _) = self { refusal } else { nil }
    }
}

extension ResendDecision {
    fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }
}
