// SPDX-License-Identifier: Apache-2.0

import OTP

/// A store that forwards every step to another store, except the steps that a conforming type replaces.
///
/// The epoch and the time of the clock are not forwarded. They have the default values of `ClockedStore`.
protocol ForwardingStore: OTPStore, ProofStore {
    associatedtype Base: OTPStore & ProofStore

    var base: Base { get }
}

extension ForwardingStore {
    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> IssueDecision {
        try await self.base.issue(challenge, code: code, for: number, limits: limits)
    }

    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        try await self.base.verify(attempt, of: challenge, for: number, limits: limits)
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ResendDecision {
        try await self.base.resend(challenge, code: code, for: number, limits: limits)
    }

    func release(_ reservation: SendReservation, for number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        try await self.base.release(reservation, for: number, limits: limits)
    }

    func cancel(_ challenge: ChallengeID, for number: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool {
        try await self.base.cancel(challenge, for: number, limits: limits)
    }

    func status(
        of challenge: ChallengeID,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> ChallengeSnapshot? {
        try await self.base.status(of: challenge, for: number, limits: limits)
    }

    func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> IssueDecision? {
        try await self.base.issue(challenge, code: code, for: number, limits: limits, device: issuedAt)
    }

    func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> ResendDecision? {
        try await self.base.resend(challenge, code: code, for: number, limits: limits, device: issuedAt)
    }

    func revokeDevices(of number: PhoneNumberIndexes) async throws {
        try await self.base.revokeDevices(of: number)
    }

    func unlock(_ number: PhoneNumberIndexes, limits: StoreLimits) async throws {
        try await self.base.unlock(number, limits: limits)
    }

    func redeem(proof: [UInt8], expiringAt expiry: StoreTime, lifetime: Duration) async throws -> Bool {
        try await self.base.redeem(proof: proof, expiringAt: expiry, lifetime: lifetime)
    }
}
