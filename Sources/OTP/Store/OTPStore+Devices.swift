// SPDX-License-Identifier: Apache-2.0

extension OTPStore {
    /// Runs ``issue(_:code:for:limits:)`` without a check of the device token.
    ///
    /// This is the default implementation, for a store that cannot revoke device tokens.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> IssueDecision? {
        try await self.issue(challenge, code: code, for: number, limits: limits)
    }

    /// Runs ``resend(_:code:for:limits:)`` without a check of the device token.
    ///
    /// This is the default implementation, for a store that cannot revoke device tokens.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> ResendDecision? {
        try await self.resend(challenge, code: code, for: number, limits: limits)
    }

    /// Throws an error, because the store cannot revoke device tokens.
    ///
    /// - Throws: ``OTPError`` with the code `storeUnavailable`.
    public func revokeDevices(of number: PhoneNumberIndexes) async throws {
        throw OTPError(.storeUnavailable, "the store cannot revoke device tokens")
    }
}
