// SPDX-License-Identifier: Apache-2.0

extension InMemoryOTPStore {
    /// Stores a new challenge and counts its first message, unless the client's device token was revoked.
    ///
    /// A device token shows that the device has verified the number before.
    public func issue(
        _ challenge: ChallengeReference,
        code: ProtectedCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> IssueDecision? {
        self.change(number, limits, device: issuedAt) { $0.issue(challenge, code: code, limits: limits, at: $1) }
    }

    /// Counts another message of a challenge, unless the client's device token was revoked.
    ///
    /// A device token shows that the device has verified the number before.
    public func resend(
        _ challenge: ChallengeReference,
        code: ResendCode,
        for number: PhoneNumberIndexes,
        limits: StoreLimits,
        device issuedAt: StoreTime
    ) async throws -> ResendDecision? {
        self.change(number, limits, device: issuedAt) { $0.resend(challenge, code: code, limits: limits, at: $1) }
    }

    /// Revokes all device tokens that were issued for a number before the call.
    public func revokeDevices(of number: PhoneNumberIndexes) async throws {
        self.withContents { contents, now in
            for index in number.all {
                contents.revocations.set(now, for: index, until: now + StoreTime.longestLifetimeOfARevocation)
            }
        }
    }

    /// Changes the record of a number with a closure, or returns `nil` if the device token was revoked.
    private func change<Result: Sendable>(
        _ number: PhoneNumberIndexes,
        _ limits: StoreLimits,
        device issuedAt: StoreTime,
        _ step: (inout PhoneNumberState, StoreTime) -> Result
    ) -> Result? {
        self.withContents { contents, now in
            guard !contents.isRevoked(issuedAt, number) else { return nil }
            let index = contents.records(of: number, limits, at: now).used
            return contents.change(index, limits) { step(&$0, now) }
        }
    }
}
