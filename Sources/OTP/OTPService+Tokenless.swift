public import SMSKit

extension OTPService {
    /// Sends a code that is verified by number and purpose alone, for a flow that cannot carry a token.
    ///
    /// Weigh what is lost: anyone who knows the number can use up the attempts of the code, a newer code of the same
    /// purpose ends an older one, and a stolen store together with the server's key gives the live codes away.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - purpose: What the code is for.
    ///   - context: What else the code shall be bound to.
    ///   - locale: The language of the message.
    /// - Returns: The challenge, without a token.
    /// - Throws: ``OTPError``, as ``issue(to:purpose:context:locale:)`` does.
    public func issueTokenless(
        to number: PhoneNumber,
        purpose: OTPPurpose,
        context: [UInt8] = [],
        locale: MessageLocale? = nil
    ) async throws(OTPError) -> Challenge {
        try await self.observer.observe(.issue, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                let token = ChallengeToken.tokenless(self.tenant, purpose)
                var random = self.randomNumbers
                return try await self.issue(
                    Subject(binding: self.binding(number, purpose, context, token), locale: locale),
                    sealed: false,
                    using: &random
                )
            }
        }
    }

    /// Verifies a code that ``issueTokenless(to:purpose:context:locale:)`` sent, and consumes it.
    ///
    /// - Parameters:
    ///   - code: The code as it was typed.
    ///   - number: The number that the code was sent to.
    ///   - purpose: What the code was issued for.
    ///   - context: What else the code was bound to.
    ///   - audience: The service that may redeem the proof; `nil` for this one.
    /// - Returns: The proof that the number was verified.
    /// - Throws: ``OTPError``, as ``verify(_:for:token:purpose:context:audience:)`` does.
    public func verify(
        _ code: String,
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [UInt8] = [],
        audience: ProofAudience? = nil
    ) async throws(OTPError) -> VerificationProof {
        try await self.observer.observe(.verify, number, purpose) { () async throws(OTPError) in
            let token = ChallengeToken.tokenless(self.tenant, purpose)
            return try await self.verify(code, self.binding(number, purpose, context, token), audience)
        }
    }
}
