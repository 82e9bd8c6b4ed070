// SPDX-License-Identifier: Apache-2.0

public import SMSKit

extension OTPService {
    /// Creates a challenge, and sends its code.
    ///
    /// If the task is cancelled before the call, nothing is sent. A later cancellation does not stop the send.
    ///
    /// If the policy has a ``OTPPolicy/deviceLane``, a client with a valid device token of the number has the limits of known
    /// devices. These limits also apply to the attempts and resends for the challenge. An invalid token has no effect.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - purpose: The action that the code confirms. The code cannot be verified for another purpose.
    ///   - context: Additional values that the code is bound to, such as an amount and a payee. The verification needs the same
    ///     values in the same order.
    ///   - locale: The language of the message; `nil` for the language of the number's region, or English.
    ///   - client: The facts about the client that requests the code.
    /// - Returns: The challenge. Its token is required to verify the code.
    /// - Throws: ``OTPError`` with the code `destinationNotAllowed`, `humanCheckRequired`, `blocked`, `rateLimited`, `locked`,
    ///   `disabled`, `deliveryFailed`, `storeUnavailable` or `cancelled`. If the call throws, the message is not counted, with
    ///   two exceptions. If the gateway rejects the message, the cooldown after rejections (``OTPLimits/refusedCooldown``)
    ///   counts the message. If the store or the `SendLedger` of the guard fails, the message may stay counted.
    public func issue(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String] = [],
        locale: MessageLocale? = nil,
        client: ClientInfo = ClientInfo()
    ) async throws(OTPError) -> Challenge {
        try await self.issue(for: number, purpose: purpose, context: context, locale: locale, client: client, seed: nil)
    }

    /// Creates a challenge, and sends its code.
    ///
    /// For a request with an idempotency key, the token is derived from the ``ChallengeSeed``. If the seed is `nil`, the token
    /// is random.
    package func issue(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String],
        locale: MessageLocale?,
        client: ClientInfo,
        seed: ChallengeSeed?
    ) async throws(OTPError) -> Challenge {
        try await self.observer.observe(.issue, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                let device = try await self.knownDevice(client, number)
                var random = self.randomNumbers
                let lane = self.lane(of: device)
                let token =
                    seed?.token(in: lane)
                    ?? ChallengeToken(id: random.bytes(16), secret: random.bytes(16), lane: lane)
                let subject = Subject(binding: self.binding(number, purpose, context, token), locale: locale)
                let sealed = self.policy.resend == .repeat
                return try await self.admitting(subject, client, device, isFirst: true) {
                    send async throws(OTPError) in
                    // If the device token was revoked in the meantime, the challenge has the limits of unknown devices.
                    let subject = subject.moved(to: self.lane(of: send.device))
                    let sent = try await self.issue(subject, sealed: sealed, as: send, using: &random)
                    return Challenge(subject.binding.challenge, sent)
                }
            }
        }
    }

    /// Sends another message for a live challenge.
    ///
    /// ``OTPPolicy/resend`` determines whether the message contains the same code or a new code. If the purpose, the context or
    /// the tenant differs from that of the challenge, the call throws `expired` and counts no message.
    ///
    /// - Parameters:
    ///   - number: The phone number of the challenge.
    ///   - token: The token of the challenge.
    ///   - purpose: The purpose of the challenge.
    ///   - context: The context of the challenge.
    ///   - locale: The language of the message; `nil` for the language of the number's region, or English.
    ///   - client: The facts about the client that requests the code.
    /// - Returns: The challenge after the send, with the same token.
    /// - Throws: ``OTPError`` with a code that ``issue(for:purpose:context:locale:client:)`` throws, or with `expired`,
    ///   `attemptsExhausted` or `keyUnavailable`.
    public func resend(
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [String] = [],
        locale: MessageLocale? = nil,
        client: ClientInfo = ClientInfo()
    ) async throws(OTPError) -> Challenge {
        try await self.observer.observe(.resend, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                let subject = Subject(binding: self.binding(number, purpose, context, token), locale: locale)
                let device = try await self.knownDevice(client, number)
                let sent = try await self.admitting(subject, client, device, isFirst: false) {
                    send async throws(OTPError) in
                    self.policy.resend == .renew
                        ? try await self.renewCode(subject, as: send) : try await self.repeatCode(subject, as: send)
                }
                return Challenge(token, sent)
            }
        }
    }
}
