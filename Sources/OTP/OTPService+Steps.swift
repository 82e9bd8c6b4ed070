import SMSKit
import TextFormats

/// What one call is about, and the language of its message.
struct Subject: Sendable {
    var binding: CodeBinding
    var locale: MessageLocale?

    var number: PhoneNumber { self.binding.number }
    var token: ChallengeToken { self.binding.challenge }
}

extension OTPService {
    /// The random numbers of an issue or a resend: a token, a code and a reservation.
    var randomNumbers: Randomness.Numbers {
        // Hardly ever is the number of the code drawn again.
        self.randomness.numbers(4 + 1 + 2)
    }

    func binding(
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ context: [UInt8],
        _ token: ChallengeToken
    ) -> CodeBinding {
        CodeBinding(tenant: self.tenant, purpose: purpose, number: number, context: context, challenge: token)
    }

    func issue(
        _ subject: Subject,
        sealed: Bool,
        using random: inout Randomness.Numbers
    ) async throws(OTPError) -> Challenge {
        try self.checkDestination(subject.number)
        let send = try self.dispatcher.pending.begin()
        let code = self.policy.format.makeCode(using: &random)
        let protected = self.protect(code, for: subject, sealed: sealed)
        let number = self.keys.indexes(of: subject.number)
        let decision = try await self.reachingStore {
            try await self.store.issue(
                subject.binding.reference,
                code: protected,
                for: number,
                limits: self.limits
            )
        }
        switch decision {
        case .refused(let refusal, _): throw OTPError(refusal)
        case .admitted(let admission):
            return try await self.send(code, admission, .first, to: subject, at: number, as: send, using: &random)
        }
    }

    func repeatCode(_ subject: Subject, as send: PendingSends.Send) async throws(OTPError) -> Challenge {
        let number = self.keys.indexes(of: subject.number)
        let keyIDs = self.keys.codeKeys.map(\.id)
        let (admission, protected) = try await self.resend(
            subject,
            .same(length: self.policy.format.length, keyIDs: keyIDs),
            for: number
        )
        // Nothing is left to fail here but a store that was tampered with, or a code of the right length in an alphabet that
        // is no longer in use.
        guard
            let code = self.keys.codeKey(protected.keyID)?.open(protected, subject.binding),
            self.policy.format.allows(code)
        else {
            let reservation = SendReservation(challenge: subject.token.storeID, time: admission.time, kind: .resend)
            await self.dispatcher.release(reservation, number)
            throw OTPError.expired
        }
        var random = self.randomNumbers
        return try await self.send(code, admission, .resend, to: subject, at: number, as: send, using: &random)
    }

    func renewCode(_ subject: Subject, as send: PendingSends.Send) async throws(OTPError) -> Challenge {
        var random = self.randomNumbers
        let code = self.policy.format.makeCode(using: &random)
        let protected = self.protect(code, for: subject, sealed: false)
        let number = self.keys.indexes(of: subject.number)
        let (admission, _) = try await self.resend(subject, .new(protected), for: number)
        return try await self.send(code, admission, .resend, to: subject, at: number, as: send, using: &random)
    }

    /// Verifies a code for all that it is bound to, and consumes it.
    func verify(
        _ input: String,
        _ binding: CodeBinding,
        _ audience: ProofAudience?
    ) async throws(OTPError) -> VerificationProof {
        guard let code = self.policy.format.read(input) else {
            throw OTPError(.malformedCode, "a code has \(self.policy.format)")
        }
        let attempt = Attempt(
            candidates: self.keys.codeKeys.map { key in
                Attempt.Candidate(keyID: key.id, authenticator: key.authenticator(of: code, binding))
            }
        )
        let decision = try await self.reachingStore {
            try await self.store.verify(
                attempt,
                of: binding.reference,
                for: self.keys.indexes(of: binding.number),
                limits: self.limits
            )
        }
        switch decision {
        case .absent: throw OTPError.expired
        case .matched(let time): return self.makeProof(binding, audience ?? self.audience, at: time)
        case .mismatched(let remaining, _): throw OTPError.incorrectCode(attemptsRemaining: remaining)
        case .exhausted: throw OTPError.attemptsExhausted
        case .locked(let refusal, _): throw OTPError(refusal)
        case .unknownKey: throw OTPError.keyUnavailable
        }
    }

    func checkDestination(_ number: PhoneNumber) throws(OTPError) {
        guard self.policy.kinds.contains(number.kind) else {
            throw OTPError(.destinationNotAllowed, "codes are not sent to numbers of the kind \(number.kind)")
        }
        guard number.belongs(to: self.policy.destinations) else {
            let message =
                number.region == nil
                ? "the numbering plan assigns the number to no region" : "codes are not sent to this region"
            throw OTPError(.destinationNotAllowed, message)
        }
        guard !number.isAlternateForm else {
            throw OTPError(.destinationNotAllowed, "the number may be another form of a number: use the usual form")
        }
        guard self.dispatcher.sms.canSend(to: number) else {
            throw OTPError(.destinationNotAllowed, "the SMS client does not send to this number")
        }
    }

    /// Calls the store, and turns whatever it throws into one error: nothing is sent and nothing verifies without it.
    func reachingStore<Result>(_ step: () async throws -> Result) async throws(OTPError) -> Result {
        do {
            return try await step()
        } catch {
            throw OTPError(.storeUnavailable, "the store did not answer", cause: error)
        }
    }

    private func protect(_ code: borrowing OneTimeCode, for subject: Subject, sealed: Bool) -> ProtectedCode {
        let key = self.keys.codeKeys[0]
        let binding = subject.binding
        return ProtectedCode(
            keyID: key.id,
            authenticator: key.authenticator(of: code, binding),
            sealed: sealed ? key.seal(code, binding) : []
        )
    }

    private func resend(
        _ subject: Subject,
        _ code: ResendCode,
        for number: PhoneNumberIndexes
    ) async throws(OTPError) -> (Admission, ProtectedCode) {
        let decision = try await self.reachingStore {
            try await self.store.resend(
                subject.binding.reference,
                code: code,
                for: number,
                limits: self.limits
            )
        }
        switch decision {
        case .admitted(let admission, let protected): return (admission, protected)
        case .refused(let refusal, _): throw OTPError(refusal)
        case .exhausted: throw OTPError.attemptsExhausted
        case .absent: throw OTPError.expired
        case .unknownKey: throw OTPError.keyUnavailable
        }
    }

    private func send(
        _ code: borrowing OneTimeCode,
        _ admission: Admission,
        _ kind: SendReservation.Kind,
        to subject: Subject,
        at number: PhoneNumberIndexes,
        as send: PendingSends.Send,
        using random: inout Randomness.Numbers
    ) async throws(OTPError) -> Challenge {
        let lifetime = admission.expiresAt - admission.time
        let code = code.text
        let message = SMSMessage(
            to: subject.number,
            text: self.messages.text(
                code: code,
                purpose: subject.binding.purpose,
                asked: subject.locale,
                region: subject.number.region,
                lifetime: lifetime
            ),
            variables: ["code": code, "minutes": "\(MessageTemplates.minutes(in: lifetime))"],
            category: .oneTimePassword,
            validity: lifetime,
            dispatchID: Base64URL.encode(random.bytes(12))
        )
        let reservation = SendReservation(challenge: subject.token.storeID, time: admission.time, kind: kind)
        let outcome = try await self.dispatcher.send(message, reservation, number, as: send)
        return Challenge(
            token: subject.token.isTokenless ? nil : subject.token,
            expiresAt: admission.expiresAt.date,
            resendAt: admission.resendAt.date,
            attemptsRemaining: admission.attemptsRemaining,
            delivery: outcome.delivery,
            requestID: outcome.requestID
        )
    }
}

extension OTPError {
    static func incorrectCode(attemptsRemaining: Int) -> Self {
        var error = OTPError(.incorrectCode, "the code is wrong")
        error.attemptsRemaining = attemptsRemaining
        return error
    }

    static let expired = OTPError(.expired, "there is no live code; issue a new one")
    static let keyUnavailable = OTPError(.keyUnavailable, "the code's key is no longer in use; issue a new one")
    static let attemptsExhausted = OTPError(.attemptsExhausted, "the code has no attempt left; issue a new one")
}
