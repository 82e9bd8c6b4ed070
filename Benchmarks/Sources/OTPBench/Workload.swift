// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import OTP
import OTPRedis
import SMSKit
import SendGuard

/// A service with one connection to Redis, and the operations to measure.
final class Workload: Sendable {
    /// A code that is wrong for every number of a population.
    static let wrongCode = "000000"

    static let purpose = OTPPurpose.signIn

    let service: OTPService

    /// The executor that runs tasks on the event loop of the connection.
    let executor: EventLoopTaskExecutor

    /// The guard; `nil` without a guard.
    private let sendGuard: SMSGuard?

    private let gate: SendGate?
    private let ledger: RedisSendLedger
    private let store: RedisOTPStore
    private let eventLoops: MultiThreadedEventLoopGroup

    init(
        url: String,
        keys: KeyRing,
        sms: any SMSClient = InstantSMSClient(),
        guardPolicy: GuardPolicy? = nil,
        eventLoops: MultiThreadedEventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    ) throws {
        var configuration = try RedisConfiguration(url: url)
        // Under valgrind, everything takes longer.
        configuration.connectTimeout = .seconds(60)
        configuration.commandTimeout = .seconds(60)
        self.eventLoops = eventLoops
        self.executor = EventLoopTaskExecutor(self.eventLoops.next())
        self.store = try RedisOTPStore(configuration: configuration, eventLoopGroup: self.eventLoops)
        // `otp serve` also has one connection for the store and the ledger.
        self.ledger = RedisSendLedger(sharing: self.store)
        let ledger = self.ledger
        let sendGuard = try guardPolicy.map { try SMSGuard(policy: $0, ledger: ledger, hash: keys.scopeHash) }
        self.sendGuard = sendGuard
        self.gate = sendGuard.map { SendGate($0) }
        var policy = OTPPolicy(destinations: [.mainlandChina])
        // With the longest lifetime, no code expires during a round.
        policy.limits.lifetime = .seconds(600)
        self.service = try OTPService(
            store: self.store,
            sms: sms,
            keys: keys,
            policy: policy,
            messages: try MessageTemplates(brand: "Example"),
            sendGuard: self.gate
        )
    }

    func shutdown() async throws {
        await self.gate?.flush()
        await self.ledger.shutdown()
        await self.store.shutdown()
        try await self.eventLoops.shutdownGracefully()
    }

    /// Returns the phone number with an index.
    static func number(_ position: Int) -> PhoneNumber {
        let digits = String(position)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        guard let number = PhoneNumber(e164: "+86138\(padded)") else { preconditionFailure("no such number") }
        return number
    }

    /// Verifies a wrong code, and returns whether the attempt was counted.
    func attempt(_ target: Target, from source: SourceAddress? = nil) async -> Bool {
        do throws(OTPError) {
            _ = try await self.verify(Self.wrongCode, target, source)
            return false
        } catch {
            return error.code == .incorrectCode
        }
    }

    /// Verifies the right code, and returns whether it was accepted.
    func confirm(_ target: Target, from source: SourceAddress? = nil) async -> Bool {
        guard let code = target.code else { return false }
        return (try? await self.verify(code, target, source)) != nil
    }

    private func verify(
        _ code: String,
        _ target: Target,
        _ source: SourceAddress?
    ) async throws(OTPError) -> VerificationProof {
        try await self.service.verify(
            code,
            for: target.number,
            token: target.token,
            purpose: Self.purpose,
            client: ClientInfo(source: source)
        )
    }

    /// Waits until the guard's ledger has received all reports.
    func flush() async { await self.gate?.flush() }

    /// Issues a code, and returns whether its message was admitted and sent.
    func issue(_ number: PhoneNumber, from source: SourceAddress? = nil) async -> Bool {
        let client = ClientInfo(source: source)
        return (try? await self.service.issue(for: number, purpose: Self.purpose, client: client)) != nil
    }

    /// Reports many verified sends to the guard, so that the tenant and the region reach no limit of unverified sends.
    ///
    /// A policy permits a capacity of at most 65,535 units, and a run has more sends. Verified sends raise the capacity above
    /// this maximum.
    func recordVerifiedSends() async throws {
        guard let sendGuard else { return }
        let claim = sendGuard.outcome(.verified, of: GuardTraffic.request(0)).claim
        try await sendGuard.record([SendOutcome(claim, .verified, count: 1 << 30)])
    }

    /// Asks the guard about a send, and returns whether the guard admits it.
    func decide(_ request: SendRequest) async -> Bool {
        (try? await self.sendGuard?.reserve(request))?.outcome == .allow
    }
}

/// A live challenge.
struct Target: Sendable {
    var number: PhoneNumber
    var token: ChallengeToken
    /// The code; `nil` if it is not known.
    var code: String?
}

/// An SMS client that accepts every message immediately.
struct InstantSMSClient: SMSClient {
    private static let outcome = SMSSendOutcome.accepted(SMSReceipt(messageID: "instant"))

    /// Whether messages with the wrong code of the benchmark are rejected.
    var refusesWrongCode = false

    /// Receives each accepted message.
    var witness: @Sendable (SMSMessage) -> Void = { _ in }

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        guard self.refusesWrongCode, message.text.contains(Workload.wrongCode) else {
            self.witness(message)
            return Self.outcome
        }
        return .rejected(SMSError(code: "wrong", kind: .caller, message: "This code is kept for wrong guesses."))
    }
}
