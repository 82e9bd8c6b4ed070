// SPDX-License-Identifier: Apache-2.0

import OTP

/// A store in which every step fails.
struct BrokenStore: OTPStore, ProofStore {
    struct Gone: Error {}

    func issue(_: ChallengeReference, code: ProtectedCode, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> IssueDecision
    { throw Gone() }
    func verify(_: Attempt, of: ChallengeReference, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> VerifyDecision
    { throw Gone() }
    func resend(_: ChallengeReference, code: ResendCode, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> ResendDecision
    { throw Gone() }
    func release(_: SendReservation, for: PhoneNumberIndexes, limits: StoreLimits) async throws { throw Gone() }
    func cancel(_: ChallengeID, for: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool { throw Gone() }
    func status(of: ChallengeID, for: PhoneNumberIndexes, limits: StoreLimits) async throws -> ChallengeSnapshot? {
        throw Gone()
    }
    func issue(
        _: ChallengeReference,
        code: ProtectedCode,
        for: PhoneNumberIndexes,
        limits: StoreLimits,
        device: StoreTime
    ) async throws -> IssueDecision? { throw Gone() }
    func resend(
        _: ChallengeReference,
        code: ResendCode,
        for: PhoneNumberIndexes,
        limits: StoreLimits,
        device: StoreTime
    ) async throws -> ResendDecision? { throw Gone() }
    func revokeDevices(of: PhoneNumberIndexes) async throws { throw Gone() }
    func unlock(_: PhoneNumberIndexes, limits: StoreLimits) async throws { throw Gone() }
    func redeem(proof: [UInt8], expiringAt: StoreTime, lifetime: Duration) async throws -> Bool { throw Gone() }
}
