// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Synchronization

/// The kind of the store in a test.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, redis
}

/// A service with separate limits for known devices, on a store whose clock the test moves.
struct LaneWorld: Sendable {
    static let number = PhoneNumber(e164: "+6591234567")!
    static let otherNumber = PhoneNumber(e164: "+6598765432")!

    let otp: OTPService
    let sms: RecordingSMSClient
    /// The time since the start of the test.
    let elapsed: ElapsedTime
    private let advance: @Sendable (Duration) throws -> Void

    /// Advances the clock of the store.
    func pass(_ duration: Duration) throws {
        try self.advance(duration)
        self.elapsed.add(duration)
    }

    /// Runs a test on a store of a kind.
    static func with<Result: Sendable>(
        _ kind: StoreKind,
        lane: DeviceLane? = DeviceLane(),
        policy change: @Sendable (inout OTPPolicy) -> Void = { _ in },
        sms: RecordingSMSClient = RecordingSMSClient(),
        isGuarded: Bool = false,
        elapsed: ElapsedTime = ElapsedTime(),
        _ body: (LaneWorld) async throws -> Result
    ) async throws -> Result {
        var policy = OTPPolicy(destinations: [.singapore])
        policy.deviceLane = lane
        change(&policy)
        let gate = isGuarded ? try Self.gate(elapsed) : nil
        switch kind {
        case .memory:
            let clock = ManualClock()
            let store = InMemoryOTPStore(clock: clock, start: Date(timeIntervalSince1970: 1_700_000_000))
            let otp = try Self.service(store, sms, policy, gate)
            return try await body(LaneWorld(otp: otp, sms: sms, elapsed: elapsed, advance: { clock.advance(by: $0) }))
        case .redis:
            return try await TestRedis.with(frozen: true) { redis in
                let otp = try Self.service(redis.store, sms, policy, gate)
                return try await body(LaneWorld(otp: otp, sms: sms, elapsed: elapsed, advance: { try redis.pass($0) }))
            }
        }
    }

    static func service(
        _ store: some OTPStore & ProofStore,
        _ sms: RecordingSMSClient,
        _ policy: OTPPolicy,
        _ gate: SendGate?
    ) throws -> OTPService {
        try OTPService(
            store: store,
            sms: sms,
            keys: try KeyRing.test(),
            policy: policy,
            messages: try MessageTemplates(brand: "Acme"),
            sendGuard: gate
        )
    }

    /// Returns the gate of a guard with the standard rules, for which the test's numbers are not in a home region.
    private static func gate(_ elapsed: ElapsedTime) throws -> SendGate {
        let policy = GuardPolicy(homeRegions: [], serviceBudget: .init(messages: 1_000))
        let ledger = InMemorySendLedger(now: {
            LedgerTime(seconds: 1_700_000_000 + Int(elapsed.value.components.seconds))
        })
        return SendGate(try SMSGuard(policy: policy, ledger: ledger, hash: try KeyRing.test().scopeHash))
    }

    /// A challenge with its sent code.
    struct Sent: Sendable {
        var token: ChallengeToken
        var code: String
        var resendAllowedAt: Date?
    }

    /// Issues a code, and returns the code or the error.
    func issue(
        for number: PhoneNumber = Self.number,
        device: DeviceToken? = nil,
        from source: SourceAddress? = nil
    ) async -> Result<Sent, OTPError> {
        do throws(OTPError) {
            let client = ClientInfo(source: source, deviceToken: device)
            let challenge = try await self.otp.issue(for: number, purpose: .signIn, client: client)
            let code = self.sms.lastCode(to: number) ?? ""
            return .success(
                Sent(token: challenge.token, code: code, resendAllowedAt: challenge.resendAllowedAt)
            )
        } catch {
            return .failure(error)
        }
    }

    /// Returns the error of an attempt, or `nil` if the attempt succeeds.
    func attempt(_ code: String, _ token: ChallengeToken, for number: PhoneNumber = Self.number) async -> OTPError? {
        do throws(OTPError) {
            _ = try await self.otp.verify(code, for: number, token: token, purpose: .signIn)
            return nil
        } catch {
            return error
        }
    }

    /// Verifies the number, waits for the end of the cooldown, and returns the device token.
    func knownDevice(of number: PhoneNumber = Self.number) async throws -> DeviceToken {
        let sent = try await self.issue(for: number).get()
        let proof = try await self.otp.verify(sent.code, for: number, token: sent.token, purpose: .signIn)
        try self.pass(.seconds(86_400 * 2))
        return self.otp.deviceToken(for: proof)
    }

    /// Makes failed attempts without a device token, like a stranger, until the hourly limit is reached.
    func exhaustOpenFailures(of number: PhoneNumber = Self.number) async throws {
        while true {
            switch await self.issue(for: number) {
            case .success(let sent):
                for step in 1...5 { _ = await self.attempt(wrong(sent.code, by: step), sent.token, for: number) }
            case .failure(let error) where error.code == .locked: return
            case .failure(let error):
                guard let wait = error.retryAfter else { throw error }
                try self.pass(wait)
            }
        }
    }
}

/// The time by which a test has advanced the clock.
final class ElapsedTime: Sendable {
    private let duration = Mutex(Duration.zero)

    var value: Duration { self.duration.withLock { $0 } }

    func add(_ duration: Duration) { self.duration.withLock { $0 += duration } }
}

/// Returns a code that differs from another code in the last digit.
func wrong(_ code: String, by step: Int = 1) -> String {
    let digit = (Int(String(code.last ?? "0")) ?? 0) + step
    return code.dropLast() + String(digit % 10)
}
