// SPDX-License-Identifier: Apache-2.0

public import SMSKit

extension OTPService {
    /// Creates a challenge that needs no token, and sends its code.
    ///
    /// Use the method only if the flow cannot pass a token to the client, because the protection is weaker:
    ///
    /// - Anyone who knows the number can use up the attempts for the code.
    /// - A newer code for the same purpose replaces an older code.
    /// - A stolen store, together with the server's keys, reveals live codes.
    ///
    /// The challenge always has the limits of callers without a device token, even if the client has a device token.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - purpose: The action that the code confirms.
    ///   - context: Additional values that the code is bound to.
    ///   - locale: The language of the message; `nil` for the language of the number's region, or English.
    ///   - client: The facts about the client that requests the code.
    /// - Returns: The challenge, without a token.
    /// - Throws: One of the errors that ``issue(for:purpose:context:locale:client:)`` throws.
    public func issueTokenless(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String] = [],
        locale: MessageLocale? = nil,
        client: ClientInfo = ClientInfo()
    ) async throws(OTPError) -> TokenlessChallenge {
        try await self.observer.observe(.issue, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                let token = ChallengeToken.tokenless(self.tenant, purpose)
                var random = self.randomNumbers
                let subject = Subject(binding: self.binding(number, purpose, context, token), locale: locale)
                let device = try await self.knownDevice(client, number)
                return try await self.admitting(subject, client, device, isFirst: true) {
                    send async throws(OTPError) in
                    try await self.issue(subject, sealed: false, as: send, using: &random)
                }
            }
        }
    }

    /// Verifies a code from ``issueTokenless(for:purpose:context:locale:client:)``, and consumes its challenge.
    ///
    /// - Parameters:
    ///   - code: The code as the user typed it.
    ///   - number: The phone number that the code was sent to.
    ///   - purpose: The purpose of the challenge.
    ///   - context: The context of the challenge.
    ///   - audience: The group of services that may redeem the proof; `nil` for the audience of this service.
    ///   - client: The facts about the client that sent the code.
    /// - Returns: The proof that the number is verified.
    /// - Throws: One of the errors that ``verify(_:for:token:purpose:context:audience:client:)`` throws. For a tokenless
    ///   challenge, a different context counts as a wrong code.
    public func verifyTokenless(
        _ code: String,
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String] = [],
        audience: ProofAudience? = nil,
        client: ClientInfo = ClientInfo()
    ) async throws(OTPError) -> VerificationProof {
        try await self.observer.observe(.verify, number, purpose, in: .open) { () async throws(OTPError) in
            let token = ChallengeToken.tokenless(self.tenant, purpose)
            return try await self.verify(code, self.binding(number, purpose, context, token), audience, client)
        }
    }
}
