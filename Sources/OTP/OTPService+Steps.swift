// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

/// The values that a code is bound to, and the language of the message with the code.
///
/// A class, so that each asynchronous frame retains one reference instead of one for each stored property.
final class Subject: Sendable {
    let binding: CodeBinding
    let locale: MessageLocale?

    var number: PhoneNumber { self.binding.number }

    init(binding: CodeBinding, locale: MessageLocale?) {
        self.binding = binding
        self.locale = locale
    }

    /// Returns a subject whose challenge is in the given ``Lane``.
    func moved(to lane: Lane) -> Subject {
        guard lane != self.binding.challenge.lane else { return self }
        var binding = self.binding
        binding.challenge = binding.challenge.moved(to: lane)
        return Subject(binding: binding, locale: self.locale)
    }
}

extension OTPService {
    /// The random numbers of one issue or resend call, for the token, the code and the message identifier.
    var randomNumbers: Randomness.Numbers {
        // Rejection sampling almost never needs a second number for the code.
        self.randomness.numbers(4 + 1 + 2)
    }

    func binding(
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ context: [String],
        _ token: ChallengeToken
    ) -> CodeBinding {
        CodeBinding(
            tenant: self.tenant,
            purpose: purpose,
            number: number,
            context: ContextHash(context),
            challenge: token
        )
    }

    /// Returns the ``ClockEpoch`` of the store for challenges.
    func challengeEpoch(_ step: StoreMetrics.Step) async throws(OTPError) -> ClockEpoch {
        try await self.steps.mapErrors(of: step) { try await self.store.clockEpoch() }
    }

    /// Returns the ``ClockEpoch`` of the store for used proofs.
    func proofEpoch(_ step: StoreMetrics.Step) async throws(OTPError) -> ClockEpoch {
        try await self.steps.mapErrors(of: step) { try await self.proofs.clockEpoch() }
    }

    func issue(
        _ subject: Subject,
        sealed: Bool,
        as send: AdmittedSend,
        using random: inout Randomness.Numbers
    ) async throws(OTPError) -> TokenlessChallenge {
        let code = self.makeCode(for: subject.number, using: &random)
        let protected = self.keys.codeKeys[0].protect(code, subject.binding, sealed: sealed)
        let number = self.indexes(of: subject.number)
        let reference = subject.binding.reference(in: try await self.challengeEpoch(.issue))
        let limits = self.lanes[subject.binding.challenge.lane]
        let decision = try await self.steps.observe(.issue) { () async throws -> IssueDecision? in
            guard let device = send.device else {
                return try await self.store.issue(reference, code: protected, for: number, limits: limits)
            }
            return try await self.store.issue(reference, code: protected, for: number, limits: limits, device: device)
        }
        switch decision {
        case nil: throw OTPError.deviceRevoked
        case .refused(let refusal, _): throw OTPError(refusal)
        case .admitted(let admission):
            let reservation = SendReservation(challenge: reference.id, time: admission.time, kind: .first)
            return try await self.send(code, admission, reservation, to: subject, at: number, as: send, using: &random)
        }
    }

    func repeatCode(_ subject: Subject, as send: AdmittedSend) async throws(OTPError) -> TokenlessChallenge {
        let number = self.indexes(of: subject.number)
        let keyIDs = self.keys.codeKeys.map(\.id)
        let reference = subject.binding.reference(in: try await self.challengeEpoch(.resend))
        let (admission, protected) = try await self.resend(
            reference,
            .same(length: self.policy.format.length, keyIDs: keyIDs),
            for: number,
            in: subject.binding.challenge.lane,
            of: send.device
        )
        let reservation = SendReservation(challenge: reference.id, time: admission.time, kind: .resend)
        // Decryption fails only if the stored data was modified. The code may have the alphabet of an earlier policy.
        guard
            let code = self.keys.codeKey(protected.keyID)?.open(protected, subject.binding),
            self.policy.format.allows(code)
        else {
            await self.sender.release(reservation, number)
            throw OTPError.expired
        }
        var random = self.randomNumbers
        return try await self.send(code, admission, reservation, to: subject, at: number, as: send, using: &random)
    }

    func renewCode(_ subject: Subject, as send: AdmittedSend) async throws(OTPError) -> TokenlessChallenge {
        var random = self.randomNumbers
        let code = self.makeCode(for: subject.number, using: &random)
        let protected = self.keys.codeKeys[0].protect(code, subject.binding, sealed: false)
        let number = self.indexes(of: subject.number)
        let reference = subject.binding.reference(in: try await self.challengeEpoch(.resend))
        let (lane, renewed) = (subject.binding.challenge.lane, ResendCode.new(protected))
        let (admission, _) = try await self.resend(reference, renewed, for: number, in: lane, of: send.device)
        let reservation = SendReservation(challenge: reference.id, time: admission.time, kind: .resend)
        return try await self.send(code, admission, reservation, to: subject, at: number, as: send, using: &random)
    }

    /// Verifies a code for the values that it is bound to, and consumes the challenge.
    func verify(
        _ input: String,
        _ binding: CodeBinding,
        _ audience: ProofAudience?,
        _ client: ClientInfo
    ) async throws(OTPError) -> VerificationProof {
        // Without an audit trail, the hot path needs no closure.
        guard self.audit != nil else { return try await self.compare(input, binding, audience, client) }
        return try await self.audited(.verify, binding, client) { () async throws(OTPError) in
            try await self.compare(input, binding, audience, client)
        }
    }

    private func compare(
        _ input: String,
        _ binding: CodeBinding,
        _ audience: ProofAudience?,
        _ client: ClientInfo
    ) async throws(OTPError) -> VerificationProof {
        guard let code = self.policy.format.read(input) else {
            throw OTPError(.malformedCode, "the text is not a code: a code has \(self.policy.format)")
        }
        let attempt = Attempt(
            candidates: self.keys.codeKeys.map { key in
                Attempt.Candidate(keyID: key.id, authenticator: key.authenticator(of: code, binding))
            }
        )
        // The clock epochs are read before the step. If reading failed after the step, a right code would be consumed without a
        // proof.
        let epoch = try await self.challengeEpoch(.verify)
        let proofEpoch = self.hasOneStore ? epoch : try await self.proofEpoch(.verify)
        // The values are computed before the closure, so that the closure does not capture a copy of the binding.
        let (reference, indexes) = (binding.reference(in: epoch), self.indexes(of: binding.number))
        let limits = self.lanes[binding.challenge.lane]
        let decision = try await self.steps.observe(.verify) {
            try await self.store.verify(attempt, of: reference, for: indexes, limits: limits)
        }
        switch decision {
        case .absent: throw OTPError.expired
        case .matched(let time):
            try self.checkEnd(of: binding.number, at: time)
            self.report(.verified, binding, client)
            return self.makeProof(binding, audience ?? self.audience, proofEpoch, at: time)
        case .mismatched(let remaining, _):
            self.report(.failed, binding, client)
            throw OTPError(incorrectCode: remaining)
        case .exhausted: throw OTPError.attemptsExhausted
        case .locked(let refusal, _): throw OTPError(refusal)
        case .unknownKey: throw OTPError.keyUnavailable
        }
    }

    func checkDestination(_ number: PhoneNumber) throws(OTPError) {
        // No message is sent to a test number.
        guard self.testNumber(number) == nil else { return }
        guard self.policy.kinds.contains(number.kind) else {
            throw OTPError(.destinationNotAllowed, "the policy sends no codes to numbers of the kind \(number.kind)")
        }
        guard number.belongs(to: self.policy.destinations) else {
            let message =
                number.region == nil
                ? "the numbering plan assigns the number to no region" : "the policy sends no codes to this region"
            throw OTPError(.destinationNotAllowed, message)
        }
        guard !number.isAlternateForm else {
            throw OTPError(
                .destinationNotAllowed,
                "the number may be an alternate form of another number: use the usual form"
            )
        }
        guard self.sender.sms.canSend(to: number) else {
            throw OTPError(.destinationNotAllowed, "the SMS client does not send to this number")
        }
    }

    func text(_ code: String, _ subject: Subject, lifetime: Duration) -> String {
        self.messages.text(
            code: code,
            purpose: subject.binding.purpose,
            asked: subject.locale,
            region: subject.number.region,
            lifetime: lifetime
        )
    }

    @inline(never)  // Inlining would enlarge the asynchronous frame of the caller.
    private func message(
        _ code: String,
        _ subject: Subject,
        _ lifetime: Duration,
        _ dispatchID: DispatchID
    ) -> SMSMessage {
        SMSMessage(
            to: subject.number,
            text: self.text(code, subject, lifetime: lifetime),
            variables: ["code": code, "minutes": "\(MessageTemplates.minutes(in: lifetime))"],
            category: .oneTimePassword,
            validity: lifetime,
            dispatchID: dispatchID.text
        )
    }

    private func resend(
        _ challenge: ChallengeReference,
        _ code: ResendCode,
        for number: PhoneNumberIndexes,
        in lane: Lane,
        of device: StoreTime?
    ) async throws(OTPError) -> (Admission, ProtectedCode) {
        let limits = self.lanes[lane]
        let decision = try await self.steps.observe(.resend) { () async throws -> ResendDecision? in
            guard let device else {
                return try await self.store.resend(challenge, code: code, for: number, limits: limits)
            }
            return try await self.store.resend(challenge, code: code, for: number, limits: limits, device: device)
        }
        switch decision {
        case nil: throw OTPError.deviceRevoked
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
        _ reservation: SendReservation,
        to subject: Subject,
        at number: PhoneNumberIndexes,
        as send: AdmittedSend,
        using random: inout Randomness.Numbers
    ) async throws(OTPError) -> TokenlessChallenge {
        let dispatchID = DispatchID(subject.binding.challenge, random.bytes(12))
        let message = self.message(code.text, subject, admission.expiresAt - admission.time, dispatchID)
        let outcome =
            if let test = self.testNumber(subject.number) {
                try await self.skipMessage(to: test, reservation, number)
            } else if send.isShadow {
                self.sender.drop(using: &random)
            } else {
                try await self.auditedSend(subject.binding) { () async throws(OTPError) in
                    let lane = subject.binding.challenge.lane
                    return try await self.sender.send(message, reservation, number, in: lane, as: send.pending)
                }
            }
        return TokenlessChallenge(
            expiresAt: admission.expiresAt.date,
            resendAllowedAt: admission.resendAllowedAt.date(before: admission.expiresAt),
            attemptsRemaining: admission.attemptsRemaining,
            delivery: outcome.delivery,
            requestID: outcome.requestID
        )
    }
}

extension OTPError {
    static let cancelled = OTPError(.cancelled, "the task was cancelled before the call")
    static let expired = OTPError(.expired, "no live challenge matches: issue a new code")
    static let keyUnavailable = OTPError(.keyUnavailable, "the key of the code is not in the ring: issue a new code")
    static let attemptsExhausted = OTPError(.attemptsExhausted, "the code has no attempts left: issue a new code")
}
