// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import Testing

@Suite struct InMemoryOTPStoreTests {
    @Test func storeConforms() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: InMemoryOTPStore(clock: clock)) { clock.advance(by: $0) }
        try await conformance.run()
    }

    @Test func revocationsConform() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: InMemoryOTPStore(clock: clock)) { clock.advance(by: $0) }
        try await conformance.checkRevokedDevices()
    }

    @Test func storeThatCannotRevokeSaysSo() async throws {
        let store = ForgetfulStore(clock: ManualClock(), gathering: 1)
        let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: [1]))
        await #expect(throws: OTPError.self) { try await store.revokeDevices(of: number) }
        let conformance = OTPStoreConformance(store: store) { _ in }
        await #expect(throws: (any Error).self) { try await conformance.checkRevokedDevices() }
    }

    @Test func markOfAProofOutlastsItByAMinute() async throws {
        let clock = ManualClock()
        let store = InMemoryOTPStore(clock: clock, start: Date(timeIntervalSince1970: 1_700_000_000))
        let expiry = StoreTime(milliseconds: 1_700_000_010_000)
        #expect(try await store.redeem(proof: [1], expiringAt: expiry, lifetime: .seconds(600)))
        for (wait, count) in [(69, 1), (1, 0)] {
            clock.advance(by: .seconds(wait))
            // A step examines only a few entries.
            for _ in 0..<256 {
                _ = try await store.redeem(proof: [2], expiringAt: expiry, lifetime: .seconds(600))
            }
            #expect(store.entryCount.usedProofs == count)
        }
    }

    @Test func proofsConform() async throws {
        let clock = ManualClock()
        let store = InMemoryOTPStore(clock: clock, start: Date(timeIntervalSince1970: 1_700_000_000))
        let conformance = ProofStoreConformance(store: store) {
            StoreTime(milliseconds: 1_700_000_000_000) + clock.now.offset
        } advance: {
            clock.advance(by: $0)
        }
        try await conformance.run()
    }

    @Test func storeDecidesLikeTheSpecificationOverManySteps() async throws {
        let clock = ManualClock()
        let conformance = OTPStoreConformance(store: InMemoryOTPStore(clock: clock)) { clock.advance(by: $0) }
        let outcomes = try await conformance.checkRandomSteps(100_000, seed: 20_261_122)
        // The random steps must lead to every decision.
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
            try await conformance(gathering: 500).checkConcurrentAttempts(callers: 500)
        }
        await #expect(throws: OTPStoreConformance.Failure.self) {
            try await conformance(gathering: 200).checkConcurrentMatches(rounds: 1, callers: 200)
        }
    }
}

/// A faulty store with a race: a verification reads the state, suspends, and then writes the result.
///
/// The store also never releases sends.
private actor ForgetfulStore: OTPStore {
    private let clock: ManualClock
    private var states: [PhoneNumberIndex: PhoneNumberState] = [:]
    /// The number of verifications that must read the state before the first verification writes the state.
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
        -> ChallengeSnapshot?
    { self.states[self.index(of: number)]?.status(of: challenge, limits: limits, at: self.now) }
    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        self.change(number) { $0.unlock() }
    }
}
