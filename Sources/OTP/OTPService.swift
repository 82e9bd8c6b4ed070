// SPDX-License-Identifier: Apache-2.0

import Deadlines
public import SMSKit

/// Issues verification codes by text message, and verifies them.
///
/// ```swift
/// let challenge = try await otp.issue(for: number, purpose: .registration)
/// // Hand challenge.token to the client. Later, with the code and the token that the client sends:
/// let proof = try await otp.verify(code, for: number, token: token, purpose: .registration)
/// try await users.create(phoneNumber: proof.phoneNumber)
/// ```
///
/// The store contains the state that callers and processes share. Bootstrap the metrics factory and the tracer before you
/// create a service.
public final class OTPService: Sendable {
    let store: any OTPStore
    let proofs: any ProofStore
    /// Whether one object is the store for challenges and for used proofs.
    ///
    /// If so, challenges and proofs have the same clock.
    let hasOneStore: Bool
    let keys: KeyRing
    let policy: OTPPolicy
    let testNumbers: [PhoneNumber: TestNumber]
    /// The limits for callers without a valid device token.
    ///
    /// Calls to the store whose result does not depend on the device token, such as a cancellation or an unlock, also use these
    /// limits.
    let limits: StoreLimits
    let lanes: LaneLimits
    let messages: MessageTemplates
    let tenant: String
    let audience: ProofAudience
    let sendGuard: SendGate?
    let audit: CallAudit?
    let randomness: Randomness
    let sender: MessageSender
    let observer: OTPMetrics
    let steps: StoreMetrics

    /// Creates a service with one store for challenges and proofs.
    ///
    /// - Parameters:
    ///   - store: The store for challenges, limits and used proofs.
    ///   - sms: The client for the SMS gateway.
    ///   - keys: The keys that protect codes, and that derive the blind indexes of phone numbers.
    ///   - policy: The form of codes, their lifetime and all limits.
    ///   - messages: The texts of the messages.
    ///   - tenant: A name of 1–64 bytes that codes are bound to. Tenants that share the keys need different names.
    ///   - audience: The name under which this service redeems proofs. Services that share code keys but not the store need
    ///     different names. Otherwise each of them would accept the same proof.
    ///   - sendGuard: The guard that decides whether a message may be sent; `nil` to send without a guard.
    ///   - audit: The trail that receives the audit events of the service; `nil` to record none.
    /// - Throws: ``OTPConfigurationError`` if a setting is out of range.
    public convenience init(
        store: any OTPStore & ProofStore,
        sms: any SMSClient,
        keys: KeyRing,
        policy: OTPPolicy,
        messages: MessageTemplates,
        tenant: String = "default",
        audience: ProofAudience = .default,
        sendGuard: SendGate? = nil,
        audit: AuditTrail? = nil
    ) throws(OTPConfigurationError) {
        try self.init(
            store: store,
            proofs: store,
            sms: sms,
            keys: keys,
            policy: policy,
            messages: messages,
            tenant: tenant,
            audience: audience,
            sendGuard: sendGuard,
            audit: audit
        )
    }

    /// Creates a service with separate stores for challenges and for used proofs.
    ///
    /// - Parameters:
    ///   - store: The store for challenges and limits.
    ///   - proofs: The store for used proofs.
    ///   - sms: The client for the SMS gateway.
    ///   - keys: The keys that protect codes, and that derive the blind indexes of phone numbers.
    ///   - policy: The form of codes, their lifetime and all limits.
    ///   - messages: The texts of the messages.
    ///   - tenant: A name of 1–64 bytes that codes are bound to. Tenants that share the keys need different names.
    ///   - audience: The name under which this service redeems proofs.
    ///   - sendGuard: The guard that decides whether a message may be sent; `nil` to send without a guard.
    ///   - audit: The trail that receives the audit events of the service; `nil` to record none.
    /// - Throws: ``OTPConfigurationError`` if a setting is out of range.
    public convenience init(
        store: any OTPStore,
        proofs: any ProofStore,
        sms: any SMSClient,
        keys: KeyRing,
        policy: OTPPolicy,
        messages: MessageTemplates,
        tenant: String = "default",
        audience: ProofAudience = .default,
        sendGuard: SendGate? = nil,
        audit: AuditTrail? = nil
    ) throws(OTPConfigurationError) {
        try self.init(
            store: store,
            proofs: proofs,
            sms: sms,
            keys: keys,
            policy: policy,
            messages: messages,
            tenant: tenant,
            audience: audience,
            sendGuard: sendGuard,
            audit: audit,
            randomness: .system,
            clock: ContinuousClock()
        )
    }

    /// Creates a service with injected randomness, clock and tracing, for tests.
    ///
    /// The clock measures the send timeout.
    package init(
        store: any OTPStore,
        proofs: any ProofStore,
        sms: any SMSClient,
        keys: KeyRing,
        policy: OTPPolicy,
        messages: MessageTemplates,
        tenant: String = "default",
        audience: ProofAudience = .default,
        sendGuard: SendGate? = nil,
        audit: AuditTrail? = nil,
        randomness: Randomness = .system,
        clock: any Clock<Duration>,
        tracing: OTPTracing = OTPTracing()
    ) throws(OTPConfigurationError) {
        try policy.validate()
        try sendGuard?.check()
        try OTPPolicy.check("tenant", (1...64).contains(tenant.utf8.count), "must have 1 to 64 bytes")
        do {
            try messages.check(for: policy)
        } catch {
            throw OTPConfigurationError("messages", error.description)
        }
        self.store = store
        self.proofs = proofs
        self.hasOneStore = (store as AnyObject) === (proofs as AnyObject)
        self.keys = keys
        self.policy = policy
        self.testNumbers = Dictionary(policy.testNumbers.map { ($0.number, $0) }) { first, _ in first }
        self.lanes = try LaneLimits(policy)
        self.limits = self.lanes[.open]
        self.messages = messages
        self.tenant = tenant
        self.audience = audience
        self.sendGuard = sendGuard
        self.audit = audit.map { CallAudit($0, tenant: tenant, keys: keys) }
        self.randomness = randomness
        self.observer = OTPMetrics(tracing: tracing)
        self.steps = StoreMetrics(tracing: tracing)
        self.sender = MessageSender(
            store: store,
            sms: sms,
            policy: policy,
            limits: self.limits,
            steps: self.steps,
            sends: SendMetrics(tracing: tracing),
            timers: Timers(clock: clock)
        )
        self.audit?.recordKeys()
    }
}
