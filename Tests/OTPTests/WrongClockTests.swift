import OTP
import Testing

/// What the specification makes of recorded times that lie ahead of the present.
@Suite struct WrongClockTests {
    private static let limits = NumberLimits()
    private static let code = ProtectedCode(keyID: "k", authenticator: [1], sealed: [])
    private static let wrong = Guess(candidates: [.init(keyID: "k", authenticator: [2])])
    private static let present = StoreTime(milliseconds: 1_700_000_000_000)

    private static func challenge(_ id: UInt8) -> ChallengeReference {
        ChallengeReference(id: ChallengeID(bytes: [id]), check: [id])
    }

    private static func number(issuedAfter ahead: Duration) -> NumberState {
        var state = NumberState()
        _ = state.issue(self.challenge(1), code: self.code, limits: self.limits, at: self.present + ahead)
        return state
    }

    @Test func messageOfTheNextMinuteCounts() {
        var state = Self.number(issuedAfter: .seconds(60))
        let decision = state.issue(Self.challenge(2), code: Self.code, limits: Self.limits, at: Self.present)
        #expect(decision == .refused(Refusal(.cooldown, retryAfter: .seconds(120)), at: Self.present))
    }

    @Test func messageOfALaterTimeDoesNot() {
        var state = Self.number(issuedAfter: .milliseconds(60_001))
        let decision = state.issue(Self.challenge(2), code: Self.code, limits: Self.limits, at: Self.present)
        guard case .admitted = decision else {
            Issue.record("\(decision)")
            return
        }
    }

    @Test func challengeThatWouldLiveTooLongIsNone() {
        var state = Self.number(issuedAfter: .seconds(361))
        let guess = state.verify(Self.wrong, of: Self.challenge(1), limits: Self.limits, at: Self.present)
        #expect(guess == .absent(at: Self.present))
        let isCancelled = state.cancel(Self.challenge(1).id, at: Self.present)
        #expect(!isCancelled)
        var near = Self.number(issuedAfter: .seconds(360))
        let counted = near.verify(Self.wrong, of: Self.challenge(1), limits: Self.limits, at: Self.present)
        #expect(counted == .mismatched(attemptsRemaining: 4, at: Self.present))
    }

    @Test func wrongGuessesOfALaterTimeDoNotLock() {
        var limits = Self.limits
        limits.failures = [WindowLimit(1, per: .seconds(3_600))]
        for (ahead, isLocked) in [(Duration.seconds(50), true), (.seconds(70), false)] {
            var state = Self.number(issuedAfter: ahead)
            _ = state.verify(Self.wrong, of: Self.challenge(1), limits: limits, at: Self.present + ahead)
            let decision = state.verify(Self.wrong, of: Self.challenge(1), limits: limits, at: Self.present)
            if case .locked = decision {
                #expect(isLocked)
            } else {
                #expect(!isLocked, "\(decision)")
            }
        }
    }
}
