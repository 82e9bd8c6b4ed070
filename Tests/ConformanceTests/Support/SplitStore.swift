// SPDX-License-Identifier: Apache-2.0

import OTP
import Synchronization

/// Records of phone numbers that are read and written in separate steps.
protocol StateRecords: Sendable {
    func read(_ index: PhoneNumberIndex) async throws -> PhoneNumberState
    func write(_ state: PhoneNumberState, _ index: PhoneNumberIndex) async throws
}

/// Records of phone numbers in the memory of the process.
final class MemoryRecords: StateRecords {
    private let states = Mutex<[PhoneNumberIndex: PhoneNumberState]>([:])

    func read(_ index: PhoneNumberIndex) async throws -> PhoneNumberState {
        self.states.withLock { $0[index] ?? PhoneNumberState() }
    }

    func write(_ state: PhoneNumberState, _ index: PhoneNumberIndex) async throws {
        self.states.withLock { $0[index] = state }
    }
}

/// A store with the right decisions, but without atomic steps.
///
/// The store reads a record, decides, and then writes the record. Between the read and the write, tasks can wait for each
/// other.
final class SplitStore: OTPStore, ProofStore {
    private let records: any StateRecords
    private let rendezvous: Rendezvous
    private let clock: any ServiceStore

    init(_ records: any StateRecords, _ rendezvous: Rendezvous, clock: any ServiceStore) {
        self.records = records
        self.rendezvous = rendezvous
        self.clock = clock
    }

    private struct NoTime: Error {}

    private func change<Result>(
        _ number: PhoneNumberIndexes,
        _ step: (inout PhoneNumberState, StoreTime) -> Result
    ) async throws -> Result {
        var state = try await self.records.read(number.current)
        guard let now = try await self.clock.currentTime() else { throw NoTime() }
        await self.rendezvous.arrive()
        let result = step(&state, now)
        try await self.records.write(state, number.current)
        return result
    }

    func clockEpoch() async throws -> ClockEpoch { try await self.clock.clockEpoch() }

    func currentTime() async throws -> StoreTime? { try await self.clock.currentTime() }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        try await self.change(number) { $0.issue(challenge, code: code, limits: limits, at: $1) }
    }

    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        try await self.change(number) { $0.verify(attempt, of: challenge, limits: limits, at: $1) }
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        try await self.change(number) { $0.resend(challenge, code: code, limits: limits, at: $1) }
    }

    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        _ = try await self.change(number) { $0.release(reservation, limits: limits, at: $1) }
    }

    func cancel(_ challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool {
        try await self.change(number) { $0.cancel(challenge, limits: limits, at: $1) }
    }

    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        try await self.change(number) { $0.status(of: challenge, limits: limits, at: $1) }
    }

    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        try await self.change(number) { state, _ in state.unlock() }
    }

    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        try await self.clock.redeem(proof: proof, expiringAt: expiry, lifetime: lifetime)
    }
}
