// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Hiredis
import NIOPosix
import OTP
import OTPEnvironment
import OTPRedis
import SMSKit
import SendGuard

/// The way in which a command uses the service.
enum ServiceUse: Sendable {
    /// The command sends messages, so it needs the gateway.
    case issue
    /// The command sends no message; for example, it verifies a code.
    case verify
}

/// Creates the service from the settings, passes it to a closure, and then closes all connections.
func withService<Result: Sendable>(
    _ settings: OTPSettings,
    for use: ServiceUse,
    in locale: MessageLocale? = nil,
    _ work: (OTPService) async throws -> Result
) async throws -> Result {
    let redis = try settings.redis
    let parts = try ServiceParts(settings, for: use, in: locale)
    let client = RedisClient(configuration: redis, eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next())
    let result = await asyncResult {
        try await parts.withService(
            RedisOTPStore(client: client),
            ledger: RedisSendLedger(client: client),
            audit: settings.auditTrail(RedisAuditStream(client: client)),
            at: redis.deployment.description,
            work
        )
    }
    await client.shutdown()
    return try result.get()
}

/// All parts of a service except the store and the guard's ledger.
///
/// The parts are checked before a connection is opened.
struct ServiceParts: Sendable {
    private let use: ServiceUse
    private let keys: KeyRing
    private let policy: OTPPolicy
    private let messages: MessageTemplates
    private let guardPolicy: GuardPolicy?
    private let gateway: AlibabaSMSConfiguration
    private let credential: AlibabaCredential?
    private let settings: OTPSettings

    /// Reads and checks the parts from the settings.
    ///
    /// - Parameters:
    ///   - settings: The settings.
    ///   - use: The way in which the command uses the service. Texts are checked only for a command that sends messages.
    ///   - locale: The language that the caller requested; `nil` for the default language.
    /// - Throws: `OTPSettingsError` with the name of the variable.
    init(_ settings: OTPSettings, for use: ServiceUse, in locale: MessageLocale? = nil) throws {
        self.use = use
        self.keys = try settings.keys
        // The destinations only limit sends. A code that was sent can be verified in every region.
        self.policy = try settings.policy(destinations: use == .issue ? nil : Set(Region.all))
        self.guardPolicy = try settings.guardPolicy(destinations: use == .issue ? self.policy.destinations : [])
        self.messages =
            use == .issue
            ? try settings.messages(for: self.policy, requesting: locale) : try Self.unsentMessages()
        self.gateway = try settings.gateway
        self.credential = use == .issue ? try settings.credential : nil
        self.settings = settings
    }

    /// Returns default texts for a command that sends no message, so that invalid texts in the settings cause no error.
    private static func unsentMessages() throws -> MessageTemplates {
        try MessageTemplates(brand: "swift-otp", languages: [.english])
    }

    /// Creates the service with a store and a ledger, passes it to a closure, and converts errors to ``CommandFailure``.
    func withService<Result: Sendable>(
        _ store: some OTPStore & ProofStore,
        ledger: any SendLedger,
        audit: AuditTrail? = nil,
        at address: String,
        _ work: (OTPService) async throws -> Result
    ) async throws -> Result {
        try await self.withSMSClient { sms in
            let backend = ServiceBackend(store: store, ledger: ledger, audit: audit, sms: sms)
            let service = try self.service(backend)
            do {
                let result = await asyncResult { try await work(service.otp) }
                await service.flush()
                return try result.get()
            } catch let error as OTPError {
                throw CommandFailure(error, of: self.use, store: address, gateway: self.gateway.endpoint)
            }
        }
    }

    /// Creates the SMS client, passes it to a closure, and then closes the client's connections.
    ///
    /// For a command that sends no message, the client rejects all messages.
    func withSMSClient<Result: Sendable>(
        _ work: (any SMSClient) async throws -> Result
    ) async throws -> Result {
        guard self.use == .issue else { return try await work(NoSMSClient()) }
        let http = try self.settings.httpClient(self.gateway)
        let result = await asyncResult {
            let credentials = try await self.credentials(http)
            let sms = try self.settings.smsClient(self.gateway, credentials, http, ownsHTTPClient: false)
            return try await work(sms)
        }
        try await http.shutdown()
        return try result.get()
    }

    /// Creates the service without opening a connection.
    ///
    /// - Parameters:
    ///   - backend: The connections of the service.
    ///   - tenant: The tenant of the service.
    /// - Returns: The service.
    /// - Throws: An error that names the invalid setting.
    func service(_ backend: ServiceBackend, tenant: String = "default") throws -> GuardedService {
        let gate = try self.guardPolicy.map { try self.settings.sendGate(backend.ledger, $0) }
        do {
            let otp = try OTPService(
                store: backend.store,
                sms: backend.sms,
                keys: self.keys,
                policy: self.policy,
                messages: self.messages,
                tenant: tenant,
                sendGuard: gate,
                audit: backend.audit
            )
            return GuardedService(otp: otp, gate: gate, audit: backend.audit)
        } catch {
            throw CommandFailure(.configuration, "unusableSetting", "a setting cannot be used: \(error)")
        }
    }

    /// Returns a credential provider.
    ///
    /// If the provider is a credential chain, the method first fetches a credential from the chain. An unavailable credential
    /// therefore causes an error here.
    private func credentials(_ http: AlibabaHTTPClient) async throws -> any CredentialProvider {
        if let credential = self.credential { return StaticCredentialProvider(credential) }
        let chain = try self.settings.credentialChain(for: self.gateway, http)
        do {
            _ = try await chain.credential()
        } catch {
            throw CommandFailure(noCredential: error)
        }
        return chain
    }
}

/// The connections of a service.
///
/// If the settings are reloaded, the new service uses the same connections.
struct ServiceBackend: Sendable {
    let store: any OTPStore & ProofStore
    let ledger: any SendLedger
    let audit: AuditTrail?
    let sms: any SMSClient
}

/// A service, its gate to the guard, and its audit trail.
///
/// Before the process ends, the reports in the gate and the events in the trail must be delivered.
struct GuardedService: Sendable {
    let otp: OTPService
    let gate: SendGate?
    let audit: AuditTrail?

    /// Delivers the pending audit events and reports to the guard within a limited time.
    func flush() async {
        await FinalDelivery.complete([
            FinalDelivery(name: "audit events") { await self.audit?.flush() },
            FinalDelivery(name: "reports to the guard") { await self.gate?.flush() },
        ])
    }
}

/// An SMS client that rejects every message, for commands that send no message.
private struct NoSMSClient: SMSClient {
    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        .rejected(SMSError(code: "noClient", kind: .caller, message: "this command sends nothing"))
    }
}

/// Runs a closure, and returns its result or its error.
///
/// The caller can then close resources before it throws the error.
func asyncResult<Success>(_ work: () async throws -> Success) async -> Result<Success, any Error> {
    do {
        return .success(try await work())
    } catch {
        return .failure(error)
    }
}
