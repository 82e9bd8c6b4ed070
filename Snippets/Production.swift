// Verifies phone numbers with Redis and Alibaba Cloud, with all settings from the environment.

// snippet.show
import AlibabaSMS
import Foundation
import Logging
import OTP
import OTPEnvironment
import OTPRedis
import SMSKit
import SendGuard
import ServiceLifecycle

/// The server of your application, such as one of Hummingbird or Vapor.
struct Server: Service {
    let otp: OTPService
    let gate: SendGate?
    let plan: NumberingPlan

    /// Handles a request for a code; the token goes to the browser or app.
    func sendCode(to typed: String, from address: String) async throws -> ChallengeToken {
        let number = try PhoneNumber(typed, plan: self.plan)
        let client = ClientInfo(source: SourceAddress(address))
        return try await self.otp.issue(for: number, purpose: .registration, client: client).token
    }

    /// Handles the code that the user typed; throws unless it is right.
    func verify(_ code: String, for typed: String, token: ChallengeToken, from address: String) async throws {
        let number = try PhoneNumber(typed, plan: self.plan)
        let client = ClientInfo(source: SourceAddress(address))
        _ = try await self.otp.verify(code, for: number, token: token, purpose: .registration, client: client)
    }

    func run() async throws {
        try await gracefulShutdown()
        await self.gate?.flush()  // the last outcomes reach the guard before its ledger closes
    }
}

/// Creates the services from the environment: OTP_REDIS_URL, OTP_KEYS, OTP_COUNTRIES, the AccessKey, …, as for otp.
func services() throws -> ServiceGroup {
    let settings = try OTPSettings()
    let policy = try settings.policy()
    let store = try RedisOTPStore(configuration: settings.redis)
    let ledger = RedisSendLedger(sharing: store)
    let sms = try settings.smsClient()  // an AlibabaSMSClient that owns its connections
    let gate = try settings.sendGate(ledger, for: policy)  // the guard of OTP_GUARD, against SMS pumping
    let otp = try OTPService(
        store: store,
        sms: sms,
        keys: settings.keys,
        policy: policy,
        messages: settings.messages(for: policy),
        sendGuard: gate
    )
    let server = Server(otp: otp, gate: gate, plan: try settings.numberingPlan)
    // On SIGTERM the services stop in reverse order: the server first, so that no request loses its store or its gateway.
    return ServiceGroup(
        services: [store, ledger, sms, server],
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: Logger(label: "app")
    )
}

/// Prints an error and exits, because an error that leaves the top level ends a Swift program with a trap.
func end(_ error: any Error, status: Int32) -> Never {
    FileHandle.standardError.write(Data("app: \(error)\n".utf8))
    exit(status)
}

let group: ServiceGroup
do { group = try services() } catch { end(error, status: 78) }  // a setting is missing or invalid
do { try await group.run() } catch { end(error, status: 1) }
