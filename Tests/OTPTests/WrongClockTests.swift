// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTP

/// Tests of timestamps in the future, which are caused by a wrong clock.
@Suite struct WrongClockTests {
    private static let limits = StoreLimits()
    private static let code = ProtectedCode(keyID: "k", authenticator: [1], sealed: [])
    private static let wrong = Attempt(candidates: [.init(keyID: "k", authenticator: [2])])
    private static let present = StoreTime(milliseconds: 1_700_000_000_000)

    private static func challenge(_ id: UInt8) -> ChallengeReference {
        ChallengeReference(id: ChallengeID(bytes: [id]), check: [id])
    }

    private static func number(issuedAfter ahead: Duration, _ limits: StoreLimits = Self.limits) -> PhoneNumberState {
        var state = PhoneNumberState()
        _ = state.issue(self.challenge(1), code: self.code, limits: limits, at: self.present + ahead)
        return state
    }

    @Test func messageOneMinuteInTheFutureCounts() {
        var state = Self.number(issuedAfter: .seconds(60))
        let decision = state.issue(Self.challenge(2), code: Self.code, limits: Self.limits, at: Self.present)
        #expect(decision == .refused(Refusal(.cooldown, retryAfter: .seconds(120)), at: Self.present))
    }

    @Test func messageFurtherInTheFutureIsIgnored() {
        var state = Self.number(issuedAfter: .milliseconds(60_001))
        let decision = state.issue(Self.challenge(2), code: Self.code, limits: Self.limits, at: Self.present)
        guard case .admitted = decision else {
            Issue.record("\(decision)")
            return
        }
    }

    @Test func challengeThatWouldOutliveEveryCodeIsAbsent() {
        var state = Self.number(issuedAfter: .milliseconds(60_001))
        let attempt = state.verify(Self.wrong, of: Self.challenge(1), limits: Self.limits, at: Self.present)
        #expect(attempt == .absent(at: Self.present))
        let isCancelled = state.cancel(Self.challenge(1).id, limits: Self.limits, at: Self.present)
        #expect(!isCancelled)
        var near = Self.number(issuedAfter: .seconds(60))
        let counted = near.verify(Self.wrong, of: Self.challenge(1), limits: Self.limits, at: Self.present)
        #expect(counted == .mismatched(attemptsRemaining: 4, at: Self.present))
    }

    @Test func failedAttemptsInTheFutureDoNotLock() throws {
        var settings = OTPLimits()
        settings.failures = [WindowLimit(1, per: .seconds(3_600))]
        let limits = try StoreLimits(settings)
        // The lifetime is extended after the issue, so that the code is still valid after the minute.
        settings.lifetime = .seconds(600)
        let longer = try StoreLimits(settings)
        for (ahead, isLocked) in [(Duration.seconds(50), true), (.seconds(70), false)] {
            var state = Self.number(issuedAfter: ahead, limits)
            _ = state.verify(Self.wrong, of: Self.challenge(1), limits: limits, at: Self.present + ahead)
            let decision = state.verify(Self.wrong, of: Self.challenge(1), limits: longer, at: Self.present)
            if case .locked = decision {
                #expect(isLocked)
            } else {
                #expect(!isLocked && decision == .mismatched(attemptsRemaining: 3, at: Self.present))
            }
        }
    }

    /// After the code was issued, the clock is set back by `jump` seconds, and an attempt is made every second.
    @Test(arguments: [61, 120, 360, 3_600], [60, 300, 600])
    func codeThatWasTriedBeforeItsTimeNeverBecomesValid(jump: Int64, lifetime: Int64) throws {
        var settings = OTPLimits()
        settings.lifetime = .seconds(lifetime)
        let limits = try StoreLimits(settings)
        var state = Self.number(issuedAfter: .seconds(jump), limits)
        let right = Attempt(candidates: [.init(keyID: "k", authenticator: [1])])
        for second in 0...(jump + lifetime) {
            let now = Self.present + .seconds(second)
            let decision = state.verify(right, of: Self.challenge(1), limits: limits, at: now)
            #expect(decision == .absent(at: now))
        }
    }

    /// A jump changes the ID of a challenge, so the challenge is invalid in the next epoch.
    ///
    /// The state of the number does not record the jump.
    @Test(arguments: [61, 360, 3_600])
    func firstAttemptAfterTheClockCaughtUpIsInAnotherEpoch(jump: Int64) {
        let token = ChallengeToken(id: Array(0..<16), secret: Array(16..<32))
        func challenge(_ epoch: ClockEpoch) -> ChallengeReference {
            ChallengeReference(id: token.storeID(in: epoch), check: [1])
        }
        var issued = PhoneNumberState()
        _ = issued.issue(
            challenge(.initial),
            code: Self.code,
            limits: Self.limits,
            at: Self.present + .seconds(jump)
        )
        let right = Attempt(candidates: [.init(keyID: "k", authenticator: [1])])
        for second in [jump, jump + 299, jump + 300] {
            var state = issued
            let now = Self.present + .seconds(second)
            let next = challenge(ClockEpoch(rawValue: 1, previousEnd: nil))
            #expect(state.verify(right, of: next, limits: Self.limits, at: now) == .absent(at: now))
        }
    }

    @Test(arguments: [60, 300, 600])
    func codeIsValidForItsLifetimeAndAtMostAMinuteMore(lifetime: Int64) throws {
        var settings = OTPLimits()
        settings.lifetime = .seconds(lifetime)
        let limits = try StoreLimits(settings)
        let state = Self.number(issuedAfter: StoreTime.tolerance, limits)
        let right = Attempt(candidates: [.init(keyID: "k", authenticator: [1])])
        for second in 0...(lifetime + 120) {
            var state = state
            let now = Self.present + .seconds(second)
            let decision = state.verify(right, of: Self.challenge(1), limits: limits, at: now)
            #expect(decision == (second < lifetime + 60 ? .matched(at: now) : .absent(at: now)))
        }
    }

    /// If two services with different lifetimes share a number, each must keep the codes of the other.
    @Test func codesOfALongerPolicyStay() throws {
        var settings = OTPLimits()
        settings.lifetime = .seconds(600)
        settings.cooldown = [.seconds(1)]
        settings.sends = [WindowLimit(5, per: .seconds(60))]
        let long = try StoreLimits(settings)
        settings.lifetime = .seconds(60)
        let short = try StoreLimits(settings)
        var state = Self.number(issuedAfter: .zero, long)
        let now = Self.present + .seconds(1)
        guard case .admitted = state.issue(Self.challenge(2), code: Self.code, limits: short, at: now) else {
            Issue.record("not admitted")
            return
        }
        let decision = state.verify(Self.wrong, of: Self.challenge(1), limits: long, at: now)
        #expect(decision == .mismatched(attemptsRemaining: 4, at: now))
    }
}
