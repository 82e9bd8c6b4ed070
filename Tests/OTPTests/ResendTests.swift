// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import Testing

@Suite struct ResendTests {
    @Test func repeatSendsTheSameCodeAndResetsNothing() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        for _ in 0..<3 { _ = await fixture.verify(wrong(code), token: token) }
        fixture.clock.advance(by: .seconds(60))
        let challenge = try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        #expect(fixture.sms.messages.count == 2)
        #expect(fixture.sms.lastCode(to: Fixture.number) == code)
        #expect(challenge.attemptsRemaining == 2)
        #expect(challenge.expiresAt.timeIntervalSince1970 == 1_700_000_300)
        #expect(fixture.sms.messages.last?.validity == .seconds(240))
        for _ in 0..<2 { #expect(await fixture.verify(wrong(code), token: token)?.code == .incorrectCode) }
        #expect(await fixture.verify(code, token: token)?.code == .attemptsExhausted)
    }

    @Test func renewInvalidatesTheOldCodeAndLimitsAllAttempts() async throws {
        let fixture = try Fixture { $0.resend = .renew }
        let (token, old) = try await fixture.issue()
        for _ in 0..<5 { _ = await fixture.verify(wrong(old), token: token) }
        fixture.clock.advance(by: .seconds(60))
        let challenge = try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        let new = fixture.sms.lastCode(to: Fixture.number)!
        #expect(challenge.attemptsRemaining == 5)
        #expect(challenge.expiresAt.timeIntervalSince1970 == 1_700_000_360)
        if old != new { #expect(await fixture.verify(old, token: token)?.code == .incorrectCode) }
        while await fixture.verify(wrong(new), token: token)?.code == .incorrectCode {}
        fixture.clock.advance(by: .seconds(120))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.code == .attemptsExhausted)
    }

    @Test func aChallengeSendsFiveMessages() async throws {
        let fixture = try Fixture {
            $0.limits.cooldown = [.seconds(1)]
            $0.limits.sends = [WindowLimit(100, per: .seconds(86_400))]
        }
        let (token, _) = try await fixture.issue()
        for _ in 0..<4 {
            fixture.clock.advance(by: .seconds(1))
            _ = try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        fixture.clock.advance(by: .seconds(1))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.limit == .sendsPerChallenge)
        #expect(fixture.sms.messages.count == 5)
    }

    @Test func resendWaitsForTheCooldown() async throws {
        let fixture = try Fixture()
        let (token, _) = try await fixture.issue()
        fixture.clock.advance(by: .seconds(59))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.retryAfter == .seconds(1))
        #expect(fixture.sms.messages.count == 1)
    }

    @Test func rejectedResendIsReleasedAndTheCodeStays() async throws {
        let fixture = try Fixture(outcome: { message in
            // The validity is the remaining lifetime, which is complete only for the first message.
            message.validity == .seconds(300)
                ? .accepted(SMSReceipt(messageID: "1"))
                : .rejected(SMSError(code: "x", kind: .content, message: "refused"))
        })
        let (token, code) = try await fixture.issue()
        fixture.clock.advance(by: .seconds(60))
        for wait in [2, 10, 30, 60, 60] {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
            }
            #expect(error?.code == .deliveryFailed)
            fixture.clock.advance(by: .seconds(wait))
        }
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func resendForAnotherPurposeFindsNoChallenge() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue(purpose: .passwordReset)
        fixture.clock.advance(by: .seconds(60))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.code == .expired)
        #expect(fixture.sms.messages.count == 1)
        // The rejected resend was not counted by any limit.
        _ = try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .passwordReset)
        #expect(await fixture.verify(code, token: token, purpose: .passwordReset) == nil)
    }

    /// The subjects of resends, each with another tenant, purpose or context than the challenge.
    private static let otherSubjects: [(tenant: String, purpose: OTPPurpose, context: [String])] = [
        ("default", .signIn, ["10 EUR to account 1"]), ("default", .registration, ["10 EUR to account 2"]),
        ("default", .registration, []), ("other", .registration, ["10 EUR to account 1"]), ("other", .signIn, []),
    ]

    @Test(arguments: OTPPolicy.ResendPolicy.all, Self.otherSubjects.indices)
    func resendForSomethingElseChangesNothing(_ policy: OTPPolicy.ResendPolicy, _ position: Int) async throws {
        let subject = Self.otherSubjects[position]
        let context = ["10 EUR to account 1"]
        let fixture = try Fixture { $0.resend = policy }
        let (token, code) = try await fixture.issue(context: context)
        let other = try Fixture(store: fixture.store, tenant: subject.tenant) { $0.resend = policy }
        fixture.clock.advance(by: .seconds(60))
        for _ in 0..<20 {
            let error = await #expect(throws: OTPError.self) {
                try await other.otp
                    .resend(
                        for: Fixture.number,
                        token: token,
                        purpose: subject.purpose,
                        context: subject.context
                    )
            }
            #expect(error?.code == .expired)
        }
        #expect(fixture.sms.messages.count == 1 && other.sms.messages.isEmpty)
        // The number is not locked, and the code can be verified only for its own binding.
        #expect(try await fixture.otp.status(for: Fixture.number, token: token).sendCount == 1)
        let elsewhere = await other.verify(
            code,
            token: token,
            purpose: subject.purpose,
            context: subject.context
        )
        #expect(elsewhere?.code == .expired)
        _ = try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration, context: context)
        let last = fixture.sms.lastCode(to: Fixture.number)!
        #expect(await fixture.verify(last, token: token, context: context) == nil)
    }

    @Test func resendOfACodeWithoutASealChangesNothing() async throws {
        let renewing = try Fixture { $0.resend = .renew }
        let (token, code) = try await renewing.issue()
        let repeating = try Fixture(store: renewing.store)
        renewing.clock.advance(by: .seconds(60))
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await repeating.otp.resend(for: Fixture.number, token: token, purpose: .registration)
            }
            #expect(error?.code == .expired)
        }
        #expect(try await repeating.otp.status(for: Fixture.number, token: token).sendCount == 1)
        #expect(await repeating.verify(code, token: token) == nil)
    }

    @Test func codeOfAnEarlierFormIsNotSentAgain() async throws {
        let long = try Fixture { $0.format = .digits(8) }
        let (token, _) = try await long.issue()
        let short = try Fixture(store: long.store)
        long.clock.advance(by: .seconds(60))
        let error = await #expect(throws: OTPError.self) {
            try await short.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.code == .expired)
        #expect(short.sms.messages.isEmpty)
    }

    @Test func retiredKeyCannotRepeatAndChargesNothing() async throws {
        let old = try Fixture(keys: try Fixture.keys(code: ["k1"]))
        let (token, code) = try await old.issue()
        let new = try Fixture(keys: try Fixture.keys(code: ["k2"]), store: old.store)
        old.clock.advance(by: .seconds(60))
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await new.otp.resend(for: Fixture.number, token: token, purpose: .registration)
            }
            #expect(error?.code == .keyUnavailable)
        }
        #expect(new.sms.messages.isEmpty)
        #expect(await new.verify(code, token: token)?.code == .keyUnavailable)
        #expect(await old.verify(code, token: token) == nil)
    }
}
