// SPDX-License-Identifier: Apache-2.0

public import SMSKit

extension OTPService {
    /// Redeems a proof of verification.
    ///
    /// Among the services that share a proof store, each proof can be redeemed only once. The audience of the proof must be the
    /// audience of this service.
    ///
    /// If the clock of the proof store was set back, an expired proof could become valid again. The method therefore refuses
    /// each proof that may have been created before the clock was set back. A proof from another service does not state whether
    /// it was created before or after that time. The method refuses all such proofs, at least until the clock has passed its
    /// former highest time.
    ///
    /// - Parameters:
    ///   - proof: The text of the proof, which is a value of ``VerificationProof/token``.
    ///   - number: The phone number, which must be the number of the proof.
    ///   - purpose: The purpose, which must be the purpose of the proof.
    ///   - context: The context, which must be the context of the code.
    /// - Throws: ``OTPError`` with the code `invalidProof`, `storeUnavailable` or `cancelled`.
    public func redeem(
        _ proof: String,
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String] = []
    ) async throws(OTPError) {
        do throws(OTPError) {
            try await self.observedRedeem(proof, number, purpose, context)
            self.audit?.recordRedemption(number, purpose, nil)
        } catch {
            self.audit?.recordRedemption(number, purpose, error)
            throw error
        }
    }

    private func observedRedeem(
        _ proof: String,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ context: [String]
    ) async throws(OTPError) {
        try await self.observer.observe(.redeem, number, purpose) { () async throws(OTPError) in
            guard let proof = ProofToken(proof), let key = self.keys.codeKey(proof.keyID)?.proofKey else {
                throw OTPError.invalidProof
            }
            let context = ContextHash(context)
            let epoch = try await self.proofEpoch(.redeem)
            func isSigned(_ clock: ProofKey.ExpiryClock) -> Bool {
                key.isValid(
                    proof.signature,
                    of: self.claims(proof, self.audience, number, purpose, context, clock)
                )
            }
            if !isSigned(.own(epoch)) {
                guard isSigned(.other) else { throw OTPError.invalidProof }
                guard epoch.contains(proofExpiringAt: proof.expiry) else { throw OTPError.ambiguousProof }
            }
            let redeemed = try await self.steps.observe(.redeem) {
                try await self.proofs.redeem(
                    proof: proof.proofID,
                    expiringAt: proof.expiry,
                    lifetime: self.policy.proofLifetime
                )
            }
            guard redeemed else { throw OTPError.invalidProof }
        }
    }

    func makeProof(
        _ binding: CodeBinding,
        _ audience: ProofAudience,
        _ epoch: ClockEpoch,
        at time: StoreTime
    ) -> VerificationProof {
        let key = self.keys.codeKeys[0].proofKey
        var proof = ProofToken(
            keyID: key.id,
            challengeID: binding.challenge.id,
            proofID: self.randomness.bytes(16),
            expiry: time + self.policy.proofLifetime,
            signature: []
        )
        let clock: ProofKey.ExpiryClock = audience == self.audience ? .own(epoch) : .other
        proof.signature = key.sign(
            self.claims(proof, audience, binding.number, binding.purpose, binding.context, clock)
        )
        return VerificationProof(
            phoneNumber: binding.number,
            purpose: binding.purpose,
            audience: audience,
            expiresAt: proof.expiry.date,
            token: proof.text
        )
    }

    private func claims(
        _ proof: ProofToken,
        _ audience: ProofAudience,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ context: ContextHash,
        _ clock: ProofKey.ExpiryClock
    ) -> ProofKey.Claims {
        ProofKey.Claims(
            tenant: self.tenant,
            audience: audience,
            purpose: purpose,
            number: number,
            context: context,
            challengeID: proof.challengeID,
            proofID: proof.proofID,
            expiry: proof.expiry,
            clock: clock
        )
    }
}

extension OTPError {
    static let invalidProof = OTPError(.invalidProof, "the proof is invalid or already used: verify the number again")

    /// The error for a proof that another service may have created before the clock of the proof store was set back.
    static let ambiguousProof = OTPError(
        .invalidProof,
        "proofs from other services are refused, because the store's clock was set back: verify the number with this service"
    )
}
