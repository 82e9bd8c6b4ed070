// SPDX-License-Identifier: Apache-2.0

import DerivedKeys
import Foundation
import OTP
import OTPTesting
import SMSKit

/// A service with a store in memory and a manual clock.
struct Fixture {
    let clock = ManualClock()
    let sms: RecordingSMSClient
    let store: InMemoryOTPStore
    let otp: OTPService

    static let number = PhoneNumber(e164: "+6591234567")!
    static let otherNumber = PhoneNumber(e164: "+6598765432")!

    init(
        keys: KeyRing? = nil,
        store: InMemoryOTPStore? = nil,
        randomness: Randomness = .system,
        tenant: String = "default",
        audience: ProofAudience = .default,
        sendGuard: SendGate? = nil,
        messages: MessageTemplates? = nil,
        tracing: OTPTracing = OTPTracing(),
        policy change: (inout OTPPolicy) -> Void = { _ in },
        outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in
            .accepted(SMSReceipt(messageID: "m1"))
        }
    ) throws {
        var policy = OTPPolicy(destinations: [.singapore])
        change(&policy)
        self.sms = RecordingSMSClient(outcome: outcome)
        self.store = store ?? InMemoryOTPStore(clock: self.clock, start: Date(timeIntervalSince1970: 1_700_000_000))
        self.otp = try OTPService(
            store: self.store,
            proofs: self.store,
            sms: self.sms,
            keys: try keys ?? Self.keys(),
            policy: policy,
            messages: try messages ?? MessageTemplates(brand: "Acme"),
            tenant: tenant,
            audience: audience,
            sendGuard: sendGuard,
            randomness: randomness,
            clock: self.clock,
            tracing: tracing
        )
    }

    /// Creates a service with the keys of the fixture.
    static func service(
        on store: any OTPStore & ProofStore = InMemoryOTPStore(),
        sms: any SMSClient = RecordingSMSClient(),
        policy: OTPPolicy = OTPPolicy(destinations: [.singapore]),
        messages: MessageTemplates? = nil,
        sendGuard: SendGate? = nil
    ) throws -> OTPService {
        try OTPService(
            store: store,
            sms: sms,
            keys: Self.keys(),
            policy: policy,
            messages: messages ?? MessageTemplates(brand: "Acme"),
            sendGuard: sendGuard
        )
    }

    /// Returns a key ring whose secrets are derived from the names of the keys.
    static func keys(code: [String] = ["k1"], index: [String] = ["i1"]) throws -> KeyRing {
        try .derived(code: code, index: index)
    }

    /// Returns the code of the error of a call; `nil` if the call succeeds.
    static func code(_ call: () async throws -> Void) async -> OTPError.Code? {
        do {
            try await call()
            return nil
        } catch {
            return (error as? OTPError)?.code
        }
    }

    /// Issues a code, and returns the token and the sent code.
    func issue(
        for number: PhoneNumber = Self.number,
        purpose: OTPPurpose = .registration,
        context: [String] = []
    ) async throws -> (token: ChallengeToken, code: String) {
        let challenge = try await self.otp.issue(for: number, purpose: purpose, context: context)
        return (challenge.token, self.sms.lastCode(to: number)!)
    }

    /// Returns the error of a verification, or `nil` if the verification succeeds.
    func verify(
        _ code: String,
        for number: PhoneNumber = Self.number,
        token: ChallengeToken,
        purpose: OTPPurpose = .registration,
        context: [String] = []
    ) async -> OTPError? {
        do throws(OTPError) {
            _ = try await self.otp.verify(code, for: number, token: token, purpose: purpose, context: context)
            return nil
        } catch {
            return error
        }
    }
}

/// Returns a wrong code, which differs from a code in the last digit.
func wrong(_ code: String, by step: Int = 1) -> String {
    let digit = (Int(String(code.last!))! + step) % 10
    return code.dropLast() + String(digit)
}
