// SPDX-License-Identifier: Apache-2.0

import OTP

extension OTPStoreConformance {
    /// Checks that a revocation applies to all earlier device tokens of a number, and to no later tokens.
    ///
    /// A device token shows that the device has verified the number before. The check is not part of ``run(seed:)``, because
    /// the support for revocations is optional.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkRevokedDevices() async throws {
        let (first, second) = (Example.random(), Example.random())
        let old = try await self.admittedTime(first)
        try await self.advance(.seconds(3_600))
        try await self.store.revokeDevices(of: first.number)
        try await self.expectDevice(issuedAt: old, first, isRevoked: true, "a token from before the revocation")
        try await self.expectDevice(issuedAt: old, second, isRevoked: false, "a token of another number")
        try await self.advance(.seconds(3_600))
        let new = try await self.admittedTime(first)
        try await self.advance(.seconds(3_600))
        try await self.expectDevice(issuedAt: new, first, isRevoked: false, "a token from after the revocation")
        // After this step, the age of the old token equals the maximum lifetime of a token.
        try await self.advance(.seconds(400 * 86_400 - 3 * 3_600))
        try await self.expectDevice(issuedAt: old, first, isRevoked: true, "a revoked token at the end of its lifetime")
        try await self.store.revokeDevices(of: first.number)
        try await self.expectDevice(issuedAt: new, first, isRevoked: true, "a token from before the second revocation")
        try await self.checkRevocationDuringARotation()
    }

    /// Checks that device tokens stay revoked after a rotation of the key that turns phone numbers into indexes.
    private func checkRevocationDuringARotation() async throws {
        let (before, after) = (Example.random(), Example.random())
        let issuedAt = try await self.admittedTime(before)
        try await self.store.revokeDevices(of: before.number)
        try await self.advance(.seconds(86_400))
        var rotated = after
        rotated.number = PhoneNumberIndexes(after.number.current, others: [before.number.current])
        try await self.expectDevice(
            issuedAt: issuedAt,
            rotated,
            isRevoked: true,
            "a token that was revoked under another key"
        )
        try await self.store.revokeDevices(of: rotated.number)
        try await self.expectDevice(
            issuedAt: issuedAt,
            after,
            isRevoked: true,
            "a token after its old index was removed"
        )
    }

    /// Issues a challenge, and returns the time of its admission.
    private func admittedTime(_ example: Example) async throws -> StoreTime {
        var example = example
        example.challenge = Example.random().challenge
        return try await self.expectAdmission(example).time
    }

    private func expectDevice(
        issuedAt: StoreTime,
        _ example: Example,
        isRevoked: Bool,
        _ name: String
    ) async throws {
        let example = Example(number: example.number, challenge: Example.random().challenge, code: example.code)
        let issue = try await self.store.issue(
            example.challenge,
            code: example.code,
            for: example.number,
            limits: .init(),
            device: issuedAt
        )
        try self.expect((issue == nil) == isRevoked, "\(name): the issue is \(String(describing: issue))")
        let resend = try await self.store.resend(
            example.challenge,
            code: .same(length: 6, keyIDs: [example.code.keyID]),
            for: example.number,
            limits: .init(),
            device: issuedAt
        )
        try self.expect((resend == nil) == isRevoked, "\(name): the resend is \(String(describing: resend))")
        let status = try await self.store.status(of: example.challenge.id, for: example.number, limits: .init())
        guard case .admitted = issue else {
            return try self.expect(status == nil, "\(name): a refused issue stored a challenge")
        }
        try self.expect(status != nil, "\(name): an admitted issue stored no challenge")
    }
}
