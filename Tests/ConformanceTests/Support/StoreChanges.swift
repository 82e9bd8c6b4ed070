// SPDX-License-Identifier: Apache-2.0

import OTP

/// The common parameters of most steps of a store.
struct StoreStep: Sendable {
    var challenge: ChallengeReference
    var number: PhoneNumberIndexes
    var limits: StoreLimits
}

/// The changes that create a store with a deliberate fault (a mutant).
struct StoreChanges: Sendable {
    /// A change of the limits of every step.
    var limits: (@Sendable (inout OTPLimits) -> Void)?

    /// A change of the parameters of every step; the check value is empty for a step without a check value.
    var step: (@Sendable (inout StoreStep) -> Void)?

    /// A replacement of a step, which receives the unchanged store.
    var issue: (@Sendable (ProtectedCode, StoreStep, any ServiceStore) async throws -> IssueDecision)?
    var verify: (@Sendable (Attempt, StoreStep, any ServiceStore) async throws -> VerifyDecision)?
    var resend: (@Sendable (ResendCode, StoreStep, any ServiceStore) async throws -> ResendDecision)?
}

extension OTPStore {
    func issue(_ code: ProtectedCode, _ step: StoreStep) async throws -> IssueDecision {
        try await self.issue(step.challenge, code: code, for: step.number, limits: step.limits)
    }

    func verify(_ attempt: Attempt, _ step: StoreStep) async throws -> VerifyDecision {
        try await self.verify(attempt, of: step.challenge, for: step.number, limits: step.limits)
    }

    func resend(_ code: ResendCode, _ step: StoreStep) async throws -> ResendDecision {
        try await self.resend(step.challenge, code: code, for: step.number, limits: step.limits)
    }
}

/// A store with a fault.
final class AlteredStore: OTPStore, ProofStore {
    private let base: any ServiceStore
    private let changes: StoreChanges

    init(_ base: any ServiceStore, _ changes: StoreChanges) {
        self.base = base
        self.changes = changes
    }

    private func step(
        _ challenge: ChallengeReference,
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits
    ) throws -> StoreStep {
        var step = StoreStep(challenge: challenge, number: number, limits: limits)
        if let change = self.changes.limits {
            var values = limits.values
            change(&values)
            step.limits = try StoreLimits(values)
        }
        self.changes.step?(&step)
        return step
    }

    private func step(
        _ id: ChallengeID,
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits
    ) throws -> StoreStep {
        try self.step(ChallengeReference(id: id, check: []), number, limits)
    }

    func clockEpoch() async throws -> ClockEpoch { try await self.base.clockEpoch() }

    func currentTime() async throws -> StoreTime? { try await self.base.currentTime() }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        let step = try self.step(challenge, number, limits)
        if let issue = self.changes.issue { return try await issue(code, step, self.base) }
        return try await self.base.issue(code, step)
    }

    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        let step = try self.step(challenge, number, limits)
        if let verify = self.changes.verify { return try await verify(attempt, step, self.base) }
        return try await self.base.verify(attempt, step)
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        let step = try self.step(challenge, number, limits)
        if let resend = self.changes.resend { return try await resend(code, step, self.base) }
        return try await self.base.resend(code, step)
    }

    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        let step = try self.step(reservation.challenge, number, limits)
        try await self.base.release(reservation, for: step.number, limits: step.limits)
    }

    func cancel(_ challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool {
        let step = try self.step(challenge, number, limits)
        return try await self.base.cancel(challenge, for: step.number, limits: step.limits)
    }

    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        let step = try self.step(challenge, number, limits)
        return try await self.base.status(of: challenge, for: step.number, limits: step.limits)
    }

    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        try await self.base.unlock(number, limits: limits)
    }

    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        try await self.base.redeem(proof: proof, expiringAt: expiry, lifetime: lifetime)
    }
}
