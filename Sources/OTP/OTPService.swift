import Deadlines
public import SMSKit

/// Issues verification codes by text message, and verifies them.
///
/// It has no state of its own: everything that must hold across callers and processes is in the store.
///
/// ```swift
/// let challenge = try await otp.issue(to: number, purpose: .registration)
/// // hand challenge.token to the client; later, with what it sends back:
/// let proof = try await otp.verify(code, for: number, token: token, purpose: .registration)
/// try await users.create(phoneNumber: proof.phoneNumber)
/// ```
///
/// It is a class so that the tasks of its steps hold it by one reference, and not by one for each of its parts.
public final class OTPService: Sendable {
    let store: any OTPStore
    let keys: KeyRing
    let policy: OTPPolicy
    let limits: StoreLimits
    let messages: MessageTemplates
    let tenant: String
    let audience: ProofAudience
    let randomness: Randomness
    let dispatcher: Dispatcher
    let observer = OTPMetrics()

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - store: Where challenges and counters are kept.
    ///   - sms: What sends the messages.
    ///   - keys: The keys that protect codes and name numbers.
    ///   - policy: What codes look like, how long they live, and how much is allowed.
    ///   - messages: The texts.
    ///   - tenant: The name under which codes are bound, if several tenants share the keys; 1–64 bytes.
    ///   - audience: The name under which this service redeems proofs. Services that share code keys and have different
    ///     stores need different names: a proof for one of them is then of no use to the others.
    ///   - randomness: Where codes and identifiers come from; anything but the system's generator is for tests.
    ///   - clock: The clock of the send's deadline.
    /// - Throws: ``OTPConfigurationError`` if the policy is not one to start with.
    public init(
        store: any OTPStore,
        sms: any SMSClient,
        keys: KeyRing,
        policy: OTPPolicy,
        messages: MessageTemplates,
        tenant: String = "default",
        audience: ProofAudience = .default,
        randomness: Randomness = .system,
        clock: any Clock<Duration> = ContinuousClock()
    ) throws(OTPConfigurationError) {
        try policy.validate()
        try OTPPolicy.check("tenant", (1...64).contains(tenant.utf8.count), "must have 1 to 64 bytes")
        do {
            try messages.check(for: policy)
        } catch {
            throw OTPConfigurationError("messages", error.description)
        }
        self.store = store
        self.keys = keys
        self.policy = policy
        self.limits = try StoreLimits(policy.limits)
        self.messages = messages
        self.tenant = tenant
        self.audience = audience
        self.randomness = randomness
        self.dispatcher = Dispatcher(
            store: store,
            sms: sms,
            policy: policy,
            limits: self.limits,
            timers: Timers(clock: clock)
        )
    }

    /// Sends a new code to a phone number.
    ///
    /// Live challenges of the number stay valid: nobody can end another's by asking for one.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - purpose: What the code is for; it verifies for nothing else.
    ///   - context: What else the code shall be bound to, such as an amount and a payee; empty if nothing.
    ///   - locale: The language of the message; by default that of the number's region, or English.
    /// - Returns: The challenge, whose token the verifying client needs. The code is in none of it.
    /// - Throws: ``OTPError``: `destinationNotAllowed`, `rateLimited`, `locked`, `disabled`, `deliveryFailed` or
    ///   `storeUnavailable`. Nothing was counted, unless the store fails: then a message may have been.
    public func issue(
        to number: PhoneNumber,
        purpose: OTPPurpose,
        context: [UInt8] = [],
        locale: MessageLocale? = nil
    ) async throws(OTPError) -> Challenge {
        try await self.observer.observe(.issue, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                var random = self.randomNumbers
                let token = ChallengeToken(id: random.bytes(16), secret: random.bytes(16))
                return try await self.issue(
                    Subject(binding: self.binding(number, purpose, context, token), locale: locale),
                    sealed: self.policy.resend == .repeat,
                    using: &random
                )
            }
        }
    }

    /// Verifies a code, and consumes it.
    ///
    /// - Parameters:
    ///   - code: The code as it was typed.
    ///   - number: The number that the code was sent to.
    ///   - token: The token of the challenge.
    ///   - purpose: What the code was issued for.
    ///   - context: What else the code was bound to.
    ///   - audience: The service that may redeem the proof; `nil` for this one.
    /// - Returns: The proof that the number was verified; nothing is returned unless the code is right.
    /// - Throws: ``OTPError``: `incorrectCode` with the attempts that remain, `malformedCode`, `expired`,
    ///   `attemptsExhausted`, `locked`, `disabled`, `keyUnavailable` or `storeUnavailable`.
    public func verify(
        _ code: String,
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [UInt8] = [],
        audience: ProofAudience? = nil
    ) async throws(OTPError) -> VerificationProof {
        try await self.observer.observe(.verify, number, purpose) { () async throws(OTPError) in
            try await self.verify(code, self.binding(number, purpose, context, token), audience)
        }
    }

    /// Sends a further message for a live challenge: the same code, or a new one, as the policy says.
    ///
    /// The code stays bound to what it was issued for. A resend for another purpose, context or tenant finds no challenge and
    /// counts nothing.
    ///
    /// - Parameters:
    ///   - number: The number that the challenge was issued for.
    ///   - token: The token of the challenge.
    ///   - purpose: What it was issued for.
    ///   - context: What else it was bound to.
    ///   - locale: The language of the message.
    /// - Returns: The challenge as it stands now, with the same token.
    /// - Throws: ``OTPError``: as ``issue(to:purpose:context:locale:)``, and `expired`, `attemptsExhausted` or
    ///   `keyUnavailable`.
    public func resend(
        to number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [UInt8] = [],
        locale: MessageLocale? = nil
    ) async throws(OTPError) -> Challenge {
        try await self.observer.observe(.resend, number, purpose) { () async throws(OTPError) in
            try await uncancelled { () async throws(OTPError) in
                let subject = Subject(binding: self.binding(number, purpose, context, token), locale: locale)
                try self.checkDestination(number)
                let send = try self.dispatcher.pending.begin()
                switch self.policy.resend {
                case .repeat: return try await self.repeatCode(subject, as: send)
                case .renew: return try await self.renewCode(subject, as: send)
                }
            }
        }
    }

    /// Ends a challenge before its time; its message stays counted.
    ///
    /// - Parameters:
    ///   - number: The number that the challenge was issued for.
    ///   - token: The token of the challenge.
    /// - Throws: ``OTPError``: `expired` if there is no such live challenge, or `storeUnavailable`.
    public func cancel(_ number: PhoneNumber, token: ChallengeToken) async throws(OTPError) {
        let cancelled = try await self.reachingStore {
            try await self.store.cancel(
                token.storeID,
                for: self.keys.indexes(of: number),
                limits: self.limits
            )
        }
        guard cancelled else { throw OTPError.expired }
    }

    /// Tells how a live challenge stands.
    ///
    /// - Parameters:
    ///   - number: The number that the challenge was issued for.
    ///   - token: The token of the challenge.
    /// - Returns: The attempts that are left, and the times.
    /// - Throws: ``OTPError``: `expired` if there is no such live challenge, or `storeUnavailable`.
    public func status(of number: PhoneNumber, token: ChallengeToken) async throws(OTPError) -> ChallengeStatus {
        let status = try await self.reachingStore {
            try await self.store.status(
                of: token.storeID,
                for: self.keys.indexes(of: number),
                limits: self.limits
            )
        }
        guard let status else { throw OTPError.expired }
        return status
    }

    /// Forgets all wrong attempts for a number, as an operator does after a proof of another kind.
    ///
    /// - Parameter number: The number.
    /// - Throws: ``OTPError``: `storeUnavailable`.
    public func unlock(_ number: PhoneNumber) async throws(OTPError) {
        try await self.reachingStore {
            try await self.store.unlock(self.keys.indexes(of: number), limits: self.limits)
        }
    }
}
