// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

/// Tests of limits that change during the lifetime of a challenge, for example with a new policy.
@Suite struct ChangedLimitsTests {
    private static let now = StoreTime(milliseconds: 1_700_000_000_000)
    private static let code = ProtectedCode(keyID: "k", authenticator: [1], sealed: [])
    private static let wrong = Attempt(candidates: [.init(keyID: "k", authenticator: [2])])

    private static func challenge(_ id: UInt8) -> ChallengeReference {
        ChallengeReference(id: ChallengeID(bytes: [id]), check: [id])
    }

    private static func limits(_ change: (inout OTPLimits) -> Void) throws -> StoreLimits {
        var limits = OTPLimits()
        limits.cooldown = [.seconds(1)]
        limits.sends = [WindowLimit(5, per: .seconds(3_600))]
        change(&limits)
        return try StoreLimits(limits)
    }

    /// Returns the state of a number with a challenge under the first policy's limits.
    private static func number(_ limits: StoreLimits) -> PhoneNumberState {
        var state = PhoneNumberState()
        _ = state.issue(Self.challenge(1), code: self.code, limits: limits, at: self.now)
        return state
    }

    @Test func aCodeKeepsTheAttemptsThatItWasCreatedWith() throws {
        let loose = try Self.limits { _ in }
        let tight = try Self.limits {
            $0.attemptsPerCode = 1
            $0.attemptsPerChallenge = 2
        }
        var state = Self.number(loose)
        for remaining in (0..<5).reversed() {
            let decision = state.verify(Self.wrong, of: Self.challenge(1), limits: tight, at: Self.now)
            #expect(decision == .mismatched(attemptsRemaining: remaining, at: Self.now))
        }
        // A new code and a new challenge use the current limits.
        let later = Self.now + .seconds(1)
        var renewed = Self.number(loose)
        let decision = renewed.resend(Self.challenge(1), code: .new(Self.code), limits: tight, at: later)
        guard case .admitted(let admission, _) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(admission.attemptsRemaining == 1)
        let issued = state.issue(Self.challenge(2), code: Self.code, limits: tight, at: later)
        guard case .admitted(let second) = issued else {
            Issue.record("\(issued)")
            return
        }
        #expect(second.attemptsRemaining == 1)
    }

    @Test func everyOtherLimitAppliesImmediately() throws {
        let loose = try Self.limits { _ in }
        let later = Self.now + .seconds(2)
        let changes: [(Refusal.Limit, (inout OTPLimits) -> Void)] = [
            (.cooldown, { $0.cooldown = [.seconds(100)] }),
            (.sends(WindowLimit(1, per: .seconds(100))), { $0.sends = [WindowLimit(1, per: .seconds(100))] }),
            (.consecutiveFailures, { $0.consecutiveFailures = 2 }),
            (.failures(WindowLimit(2, per: .seconds(100))), { $0.failures = [WindowLimit(2, per: .seconds(100))] }),
        ]
        for (limit, change) in changes {
            var state = Self.number(loose)
            for _ in 0..<2 { _ = state.verify(Self.wrong, of: Self.challenge(1), limits: loose, at: Self.now) }
            let tight = try Self.limits(change)
            let decision = state.issue(Self.challenge(2), code: Self.code, limits: tight, at: later)
            guard case .refused(let refusal, _) = decision else {
                Issue.record("\(limit): \(decision)")
                continue
            }
            #expect(refusal.limit == limit)
        }
        var state = Self.number(loose)
        let tight = try Self.limits { $0.sendsPerChallenge = 1 }
        let decision = state.resend(Self.challenge(1), code: .new(Self.code), limits: tight, at: later)
        #expect(decision == .refused(Refusal(.sendsPerChallenge, retryAfter: nil), at: later))
    }

    @Test func aShorterLifetimeExpiresCodesWithMoreTimeLeft() throws {
        let long = try Self.limits { $0.lifetime = .seconds(600) }
        let short = try Self.limits { $0.lifetime = .seconds(300) }
        for (age, isAlive) in [(Int64(239), false), (240, true)] {
            var state = Self.number(long)
            let now = Self.now + .seconds(age)
            let decision = state.verify(Self.wrong, of: Self.challenge(1), limits: short, at: now)
            #expect(decision == (isAlive ? .mismatched(attemptsRemaining: 4, at: now) : .absent(at: now)))
        }
    }
}
