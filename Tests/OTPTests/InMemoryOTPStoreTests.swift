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
        func conformance(gathering: Int) -> OTPStoreConformance {
            let clock = ManualClock()
            let store = ForgetfulStore(clock: clock, gathering: gathering)
            return OTPStoreConformance(store: store) { clock.advance(by: $0) }
        }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance(gathering: 1).checkRandomSteps(20_000, seed: 1)
        }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance(gathering: 500).checkConcurrentGuesses(callers: 500)
        }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance(gathering: 200).checkConcurrentAnswers(rounds: 1, callers: 200)
        }
    }
}

/// A mutant: it reads the state, lets others in, and writes back the result. It also forgets to release refused sends.
private actor ForgetfulStore: OTPStore {
    private let clock: ManualClock
    private var states: [PhoneNumberIndex: PhoneNumberState] = [:]
    /// The verifications that still have to read the state before the first one writes it.
    private var missing: Int
    private var readers: [CheckedContinuation<Void, Never>] = []
    private var now: StoreTime { StoreTime(milliseconds: 1_000_000) + self.clock.now.offset }

    init(clock: ManualClock, gathering: Int) {
        self.clock = clock
        self.missing = gathering
    }

    private func gather() async {
        self.missing -= 1
        if self.missing > 0 {
            await withCheckedContinuation { self.readers.append($0) }
        } else {
            for reader in self.readers { reader.resume() }
            self.readers = []
        }
    }

    private func index(of number: PhoneNumberIndexes) -> PhoneNumberIndex {
        number.records(existing: number.all.filter { self.states[$0] != nil }).used
    }

    private func change<Result>(_ number: PhoneNumberIndexes, _ step: (inout PhoneNumberState) -> Result) -> Result {
        step(&self.states[self.index(of: number), default: PhoneNumberState()])
    }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    )
        async throws -> IssueDecision
    { self.change(number) { $0.issue(challenge, code: code, limits: limits, at: self.now) } }
    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    )
        async throws -> VerifyDecision
    {
        let index = self.index(of: number)
        var state = self.states[index] ?? PhoneNumberState()
        await self.gather()
        let decision = state.verify(attempt, of: challenge, limits: limits, at: self.now)
        self.states[index] = state
        return decision
    }
    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        self.change(number) { $0.resend(challenge, code: code, limits: limits, at: self.now) }
    }
    func release(_: SendReservation, for: PhoneNumberIndexes, limits: StoreLimits) async throws {}
    func cancel(_ challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool {
        self.change(number) { $0.cancel(challenge, limits: limits, at: self.now) }
    }
    func status(of challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> ChallengeStatus?
    { self.states[self.index(of: number)]?.status(of: challenge, limits: limits, at: self.now) }
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        self.change(number) { $0.unlock() }
    }
    func redeem(proof: [UInt8], expiringAt: StoreTime, lifetime: Duration) async throws -> Bool { true }
}
