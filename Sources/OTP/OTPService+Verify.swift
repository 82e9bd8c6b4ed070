// SPDX-License-Identifier: Apache-2.0

public import SMSKit
import SendGuard

extension OTPService {
    /// Verifies a code, and consumes its challenge.
    ///
    /// If the task is cancelled before the call, the call throws `cancelled`, and no attempt is counted. After the store has
    /// begun to compare the code, a cancellation usually has no effect. Only a store that throws `CancellationError` interrupts
    /// the comparison.
    ///
    /// - Parameters:
    ///   - code: The code as the user typed it.
    ///   - number: The phone number that the code was sent to.
    ///   - token: The token of the challenge.
    ///   - purpose: The purpose of the challenge.
    ///   - context: The context of the challenge.
    ///   - audience: The group of services that may redeem the proof; `nil` for the audience of this service.
    ///   - client: The facts about the client that sent the code.
    /// - Returns: The proof that the number is verified.
    /// - Throws: ``OTPError`` with the code `incorrectCode` (with the remaining attempts), `malformedCode`, `expired`,
    ///   `attemptsExhausted`, `locked`, `disabled`, `keyUnavailable`, `storeUnavailable` or `cancelled`.
    public func verify(
        _ code: String,
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [String] = [],
        audience: ProofAudience? = nil,
        client: ClientInfo = ClientInfo()
    ) async throws(OTPError) -> VerificationProof {
        try await self.observer.observe(.verify, number, purpose, in: token.lane) { () async throws(OTPError) in
            try await self.verify(code, self.binding(number, purpose, context, token), audience, client)
        }
    }

    /// Ends a challenge before its expiry.
    ///
    /// The limits on sends still count the messages of the challenge.
    ///
    /// - Parameters:
    ///   - number: The phone number of the challenge.
    ///   - token: The token of the challenge.
    /// - Throws: ``OTPError`` with the code `expired` if there is no such challenge, `storeUnavailable` if the store failed, or
    ///   `cancelled` if the caller's task was cancelled.
    public func cancel(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) {
        let challenge = token.storeID(in: try await self.challengeEpoch(.cancel))
        let cancelled = try await self.steps.observe(.cancel) {
            try await self.store.cancel(
                challenge,
                for: self.indexes(of: number),
                limits: self.limits
            )
        }
        guard cancelled else { throw OTPError.expired }
        self.audit?.record(.revoke, number, token, by: nil)
    }

    /// Returns the state of a live challenge.
    ///
    /// - Parameters:
    ///   - number: The phone number of the challenge.
    ///   - token: The token of the challenge.
    /// - Returns: The remaining attempts, the number of sends and the times.
    /// - Throws: ``OTPError`` with the code `expired` if there is no such challenge, `storeUnavailable` if the store failed, or
    ///   `cancelled` if the caller's task was cancelled.
    public func status(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) -> ChallengeStatus {
        let challenge = token.storeID(in: try await self.challengeEpoch(.status))
        let snapshot = try await self.steps.observe(.status) {
            try await self.store.status(
                of: challenge,
                for: self.indexes(of: number),
                limits: self.lanes[token.lane]
            )
        }
        guard let snapshot else { throw OTPError.expired }
        return ChallengeStatus(snapshot)
    }

    /// Clears the history of failed attempts of a number, so that the number is no longer locked or disabled.
    ///
    /// Call the method only after the owner of the number has proved their identity in another way.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - operatorName: The name of the person or the service that unlocks the number, for the audit event.
    /// - Throws: ``OTPError`` with the code `storeUnavailable` or `cancelled`.
    public func unlock(for number: PhoneNumber, by operatorName: String? = nil) async throws(OTPError) {
        try await self.steps.observe(.unlock) {
            try await self.store.unlock(self.indexes(of: number), limits: self.limits)
        }
        self.audit?.record(.unlock, number, nil, by: operatorName)
    }
}
