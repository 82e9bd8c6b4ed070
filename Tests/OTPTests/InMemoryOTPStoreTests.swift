import OTP
import OTPTesting
import Testing

@Suite struct InMemoryOTPStoreTests {
    @Test func conforms() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: InMemoryOTPStore(clock: clock)) { clock.advance(by: $0) }
        try await conformance.run()
    }

    @Test func decidesAsTheSpecificationOverManySteps() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: InMemoryOTPStore(clock: clock)) { clock.advance(by: $0) }
        let outcomes = try await conformance.checkRandomSteps(100_000, seed: 20_261_122)
        // The walk is worth something only if it went everywhere.
        for outcome in [
            "issue admitted", "issue refused", "verify matched", "verify mismatched", "verify exhausted",
            "verify locked", "verify absent", "verify unknownKey", "resend admitted", "resend refused",
            "resend exhausted", "resend absent", "cancel true", "cancel false",
        ] {
            #expect(outcomes[outcome, default: 0] > 10, "\(outcome): \(outcomes[outcome, default: 0])")
        }
    }

    @Test func storeThatForgetsAnAttemptDoesNotConform() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: ForgetfulStore(clock: clock)) { clock.advance(by: $0) }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance.checkRandomSteps(20_000, seed: 1)
        }
        await #expect(throws: OTPStoreConformance.Failure.self) { try await conformance.checkConcurrentGuesses() }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance.checkConcurrentAnswers(rounds: 20)
        }
    }
}

/// A mutant: it reads the state, lets others in, and writes back what it made of it.
private actor ForgetfulStore: OTPStore {
    private let clock: ManualClock
    private var states: [NumberIndex: NumberState] = [:]
    private var now: StoreTime { StoreTime(milliseconds: 1_000_000) + self.clock.now.offset }

    init(clock: ManualClock) { self.clock = clock }

    private func index(of number: NumberIndexes) -> NumberIndex {
        number.records(existing: number.all.filter { self.states[$0] != nil }).used
    }

    private func change<Result>(_ number: NumberIndexes, _ step: (inout NumberState) -> Result) async -> Result {
        let number = self.index(of: number)
        var state = self.states[number] ?? NumberState()
        for _ in 0..<50 { await Task.yield() }
        let result = step(&state)
        await Task.yield()
        self.states[number] = state
        return result
    }

    func issue(_ challenge: ChallengeReference, code: ProtectedCode, for number: NumberIndexes, limits: StoreLimits)
        async throws -> IssueDecision
    { await self.change(number) { $0.issue(challenge, code: code, limits: limits, at: self.now) } }
    func verify(_ guess: Guess, of challenge: ChallengeReference, for number: NumberIndexes, limits: StoreLimits)
        async throws -> VerifyDecision
    { await self.change(number) { $0.verify(guess, of: challenge, limits: limits, at: self.now) } }
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: NumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        await self.change(number) { $0.resend(challenge, code: code, limits: limits, at: self.now) }
    }
    func refund(_: Dispatch, for: NumberIndexes, limits: StoreLimits) async throws {}
    func cancel(_ challenge: ChallengeID, for number: NumberIndexes, limits: StoreLimits) async throws -> Bool {
        await self.change(number) { $0.cancel(challenge, limits: limits, at: self.now) }
    }
    func status(of challenge: ChallengeID, for number: NumberIndexes, limits: StoreLimits) async throws
        -> ChallengeStatus?
    { self.states[self.index(of: number)]?.status(of: challenge, limits: limits, at: self.now) }
    func unlock(_ number: NumberIndexes, limits: StoreLimits) async throws {
        await self.change(number) { $0.unlock() }
    }
    func redeem(proof: [UInt8], expiringAt: StoreTime, life: Duration) async throws -> Bool { true }
}
