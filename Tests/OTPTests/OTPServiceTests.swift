// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import Testing

@Suite struct OTPServiceTests {
    @Test func codeIsAcceptedOnce() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let proof = try await fixture.otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        #expect(proof.phoneNumber == Fixture.number)
        #expect(proof.purpose == .registration)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
    }

    @Test func challengeHasTimesAndAttempts() async throws {
        let fixture = try Fixture()
        let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        #expect(challenge.expiresAt == Date(timeIntervalSince1970: 1_700_000_300))
        #expect(challenge.resendAllowedAt == Date(timeIntervalSince1970: 1_700_000_060))
        #expect(challenge.attemptsRemaining == 5)
        #expect(challenge.delivery == .accepted(messageID: "m1"))
        let message = try #require(fixture.sms.messages.first)
        #expect(message.category == .oneTimePassword)
        #expect(message.validity == .seconds(300))
        #expect(message.dispatchID.flatMap(DispatchID.init)?.challengeID == challenge.token.challengeID)
        // A gateway that sends only its own templates uses the variables.
        let code = try #require(fixture.sms.lastCode(to: Fixture.number))
        #expect(message.variables == ["code": code, "minutes": "5"])
    }

    @Test(arguments: [(59, true), (60, false), (61, false)])
    func resendIsNeverAllowedIfTheChallengeEndsBefore(cooldown: Int, isAllowed: Bool) async throws {
        let fixture = try Fixture {
            $0.limits.lifetime = .seconds(60)
            $0.limits.cooldown = [.seconds(cooldown)]
            $0.limits.sends = [WindowLimit(10, per: .seconds(3600))]
        }
        let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        let allowed = isAllowed ? Date(timeIntervalSince1970: 1_700_000_000 + Double(cooldown)) : nil
        #expect(challenge.resendAllowedAt == allowed)
        let status = try await fixture.otp.status(for: Fixture.number, token: challenge.token)
        #expect(status.resendAllowedAt == allowed)
        #expect(status.readAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(status.sendCount == 1)
        let tokenless = try await fixture.otp.issueTokenless(for: Fixture.otherNumber, purpose: .registration)
        #expect(tokenless.resendAllowedAt == allowed)
    }

    @Test func contextIsComparedValueByValue() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue(context: ["10 EUR", "Ann"])
        let others = [
            ["10 EURAnn"], ["10 EUR", "Ann", ""], ["", "10 EUR", "Ann"], ["Ann", "10 EUR"], ["10 EUR"], [""],
        ]
        for context in others {
            #expect(await fixture.verify(code, token: token, context: context)?.code == .expired, "\(context)")
        }
        #expect(await fixture.verify(code, token: token, context: ["10 EUR", "Ann"]) == nil)
    }

    @Test func emptyStringIsDifferentFromNoContext() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        #expect(await fixture.verify(code, token: token, context: [""])?.code == .expired)
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func proofsCanBeInAnotherStoreThanChallenges() async throws {
        let fixture = try Fixture()
        let otp = try OTPService(
            store: fixture.store,
            proofs: BrokenStore(),
            sms: fixture.sms,
            keys: try Fixture.keys(),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme")
        )
        let challenge = try await otp.issue(for: Fixture.number, purpose: .signIn)
        let code = try #require(fixture.sms.lastCode(to: Fixture.number))
        let proof = try await otp.verify(code, for: Fixture.number, token: challenge.token, purpose: .signIn)
        let error = await #expect(throws: OTPError.self) {
            try await otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
        }
        #expect(error?.code == .storeUnavailable)
        try await fixture.otp.redeem(proof.token, for: Fixture.number, purpose: .signIn)
    }

    @Test func fiveWrongCodesAreComparedAndCountDown() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        for remaining in [4, 3, 2, 1, 0] {
            let error = await fixture.verify(wrong(code), token: token)
            #expect(error?.code == .incorrectCode)
            #expect(error?.attemptsRemaining == remaining)
        }
        #expect(await fixture.verify(code, token: token)?.code == .attemptsExhausted)
    }

    @Test func malformedInputUsesNoAttempt() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let inputs = [
            "", "12345", "1234567", "12345a", "12345²", "12345\u{0}", code + ",", String(repeating: "1", count: 9999),
        ]
        for input in inputs {
            #expect(await fixture.verify(input, token: token)?.code == .malformedCode, "\(input.prefix(20))")
        }
        #expect(try await fixture.otp.status(for: Fixture.number, token: token).attemptsRemaining == 5)
    }

    @Test func decoratedCodeIsUnderstood() async throws {
        let decorations: [(String) -> String] = [
            { " \($0)\n" }, { $0.prefix(3) + "-" + $0.suffix(3) }, { $0.prefix(3) + " " + $0.suffix(3) },
            { String($0.unicodeScalars.map { Character(Unicode.Scalar($0.value - 0x30 + 0xFF10)!) }) },
            { $0.map { "\($0)\u{200B}" }.joined() }, { "\u{3000}" + $0 },
        ]
        for decorate in decorations {
            let fixture = try Fixture()
            let (token, code) = try await fixture.issue()
            #expect(await fixture.verify(decorate(code), token: token) == nil, "\(decorate("123456"))")
        }
    }

    @Test func codeExpiresExactlyAtTheEndOfItsLifetime() async throws {
        for (milliseconds, expected) in [(299_999, nil), (300_000, OTPError.Code.expired)] {
            let fixture = try Fixture()
            let (token, code) = try await fixture.issue()
            fixture.clock.advance(by: .milliseconds(milliseconds))
            #expect(await fixture.verify(code, token: token)?.code == expected)
        }
    }

    @Test func anotherBindingFindsNoChallengeAndUsesNoAttempt() async throws {
        let fixture = try Fixture()
        let context = ["10 EUR", "Ann"]
        let (token, code) = try await fixture.issue(context: context)
        let (otherToken, _) = try await fixture.issue(for: Fixture.otherNumber, context: context)
        let tenant = try Fixture(store: fixture.store, tenant: "other")

        #expect(await fixture.verify(code, for: Fixture.otherNumber, token: token, context: context)?.code == .expired)
        #expect(await fixture.verify(code, token: otherToken, context: context)?.code == .expired)
        #expect(try await fixture.otp.status(for: Fixture.number, token: token).attemptsRemaining == 5)
        #expect(await fixture.verify(code, token: token, purpose: .signIn, context: context)?.code == .expired)
        #expect(await fixture.verify(code, token: token, context: ["10 EUR", "Eve"])?.code == .expired)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
        #expect(await tenant.verify(code, token: token, context: context)?.code == .expired)
        #expect(try await fixture.otp.status(for: Fixture.number, token: token).attemptsRemaining == 5)
        #expect(try await fixture.otp.status(for: Fixture.otherNumber, token: otherToken).attemptsRemaining == 5)
        #expect(await fixture.verify(code, token: token, context: context) == nil)
    }

    @Test func forgedSecretChangesNoCounter() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        var text = Array(token.text)
        text[text.count - 3] = text[text.count - 3] == "A" ? "B" : "A"
        let forged = try ChallengeToken(String(text))
        for _ in 0..<50 { #expect(await fixture.verify(wrong(code), token: forged)?.code == .expired) }
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func strangersChallengesLeaveTheOwnersCodeAlone() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        for wait in [60, 120] {
            fixture.clock.advance(by: .seconds(wait))
            let (strange, strangeCode) = try await fixture.issue()
            for _ in 0..<5 { #expect(await fixture.verify(wrong(strangeCode), token: strange)?.code == .incorrectCode) }
        }
        // Ten failures within an hour lock the number. The owner can still verify a code that was sent before.
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func rejectedSendIsReleased() async throws {
        let rejection = SMSError(code: "AMOUNT_NOT_ENOUGH", kind: .balance, message: "no balance")
        let fixture = try Fixture(outcome: { _ in .rejected(rejection) })
        for _ in 0..<20 {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            }
            #expect(error?.code == .deliveryFailed)
            #expect(error?.delivery == rejection)
            fixture.clock.advance(by: .seconds(60))
        }
        #expect(fixture.sms.messages.count == 20)
    }

    @Test func unknownSendStaysCountedAndItsCodeValid() async throws {
        let unknown = SMSError(code: "timeout", kind: .transient, message: "no answer")
        let fixture = try Fixture(outcome: { _ in .unknown(unknown) })
        let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        #expect(challenge.delivery == .unknown)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(await fixture.verify(fixture.sms.lastCode(to: Fixture.number)!, token: challenge.token) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func clientThatHangsEndsAtTheDeadlineAsUnknown() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        defer { release.finish() }
        let fixture = try Fixture(outcome: { _ in
            // A detached task does not inherit the cancellation of this task.
            await Task.detached { for await _ in released {} }.value
            return .accepted(SMSReceipt(messageID: "late"))
        })
        async let issued = fixture.otp.issue(for: Fixture.number, purpose: .registration)
        try await fixture.clock.waitForSleepers(1)
        fixture.clock.advanceToNextSleeper()
        // The send ends when the timeout of the policy has elapsed.
        #expect(fixture.clock.now.offset == .seconds(10))
        let challenge = try await issued
        #expect(challenge.delivery == .unknown)
        #expect(await fixture.verify(fixture.sms.lastCode(to: Fixture.number)!, token: challenge.token) == nil)
    }

    @Test func cancelledCallerStillReleases() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let fixture = try Fixture(outcome: { _ in
            start.finish()
            for await _ in released {}
            return .rejected(SMSError(code: "x", kind: .number, message: "no such number"))
        })
        let task = Task { try await fixture.otp.issue(for: Fixture.number, purpose: .registration) }
        for await _ in started {}
        task.cancel()
        release.finish()
        await #expect(throws: OTPError.self) { try await task.value }
        // The rejected message was released after its caller had left, so the number accepts another message after the short
        // wait.
        fixture.clock.advance(by: .seconds(2))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .deliveryFailed)
    }

    @Test func destinationIsCheckedBeforeAnyLimitCounts() async throws {
        struct Picky: SMSClient {
            func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
                .accepted(SMSReceipt(messageID: "1"))
            }
            func canSend(to number: PhoneNumber) -> Bool { false }
        }
        let fixture = try Fixture()
        let american = PhoneNumber(e164: "+12025550123")!
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: american, purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed)
        let picky = try Fixture.service(on: fixture.store, sms: Picky())
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await picky.issue(for: Fixture.number, purpose: .registration)
            }
            #expect(error?.code == .destinationNotAllowed)
        }
        #expect(fixture.sms.messages.isEmpty)
        _ = try await fixture.issue()
    }

    @Test(arguments: [
        // The kinds are landline, personal number, premium rate, shared cost, toll free, pager and satellite phone.
        "+442079460000", "+447012345678", "+449012345678", "+448712345678", "+448001234567", "+447640123456",
        "+881612345678", "+33891123456", "+33801234567", "+19005550123", "+18005550123", "+4990012345678",
        "+979123456789",
        // These are landlines of other regions.
        "+6561234567", "+33142685300", "+493012345678", "+81312345678", "+61291234567",
        // The numbering plan does not assign these numbers to a region.
        "+15555550123", "+390347123456",
        // These are alternate forms of numbers.
        "+972591234567", "+551161234567", "+33690001234", "+85201234567", "+49151234567890",
        // These numbers have two trunk prefixes, or are foreign numbers with their international prefix.
        "+490017185550123", "+88600964445930",
    ])
    func noCodeIsSentToNumbersOutsideThePolicy(text: String) async throws {
        var regions = Set(Region.all)
        regions.subtract(["VI", "VA"].compactMap { Region($0) })
        let fixture = try Fixture { $0.destinations = regions }
        let number = try PhoneNumber(text)
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(for: number, purpose: .registration)
            }
            #expect(error?.code == .destinationNotAllowed, "\(text)")
        }
        #expect(fixture.sms.messages.isEmpty)
    }

    @Test func policyDecidesTheKindsOfNumbers() async throws {
        let landline = try PhoneNumber("+44 20 7946 0000")
        let fixture = try Fixture { policy in
            policy.destinations = [.unitedKingdom]
            policy.kinds = [.fixedLine]
        }
        _ = try await fixture.otp.issue(for: landline, purpose: .registration)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: try PhoneNumber("+44 7400 123456"), purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed && error?.message.contains("mobile") == true)
        // An unassigned number may have been assigned after the release of the metadata.
        let other = try Fixture { $0.destinations = [.hongKong] }
        let unknown = try PhoneNumber("+852 4000 0000")
        #expect(unknown.kind == .unknown)
        _ = try await other.otp.issue(for: unknown, purpose: .registration)
    }

    @Test func cancelEndsTheCodeAndKeepsTheCooldown() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        try await fixture.otp.cancel(for: Fixture.number, token: token)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
        let again = await #expect(throws: OTPError.self) {
            try await fixture.otp.cancel(for: Fixture.number, token: token)
        }
        #expect(again?.code == .expired)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(60))
    }

    @Test func withoutTheStoreNoMessageIsSentAndNoCodeVerifies() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let otp = try Fixture.service(on: BrokenStore(), sms: fixture.sms)
        let issue = await #expect(throws: OTPError.self) {
            try await otp.issue(for: Fixture.otherNumber, purpose: .registration)
        }
        #expect(issue?.code == .storeUnavailable)
        let verify = await #expect(throws: OTPError.self) {
            try await otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(verify?.code == .storeUnavailable)
        #expect(fixture.sms.messages.count == 1)
    }

    @Test func tokenlessCodeIsVerifiedByNumberAndPurpose() async throws {
        let fixture = try Fixture()
        let challenge = try await fixture.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        #expect(challenge.delivery == .accepted(messageID: "m1"))
        let code = fixture.sms.lastCode(to: Fixture.number)!
        let other = await #expect(throws: OTPError.self) {
            try await fixture.otp.verifyTokenless(code, for: Fixture.number, purpose: .registration)
        }
        #expect(other?.code == .expired)
        _ = try await fixture.otp.verifyTokenless(code, for: Fixture.number, purpose: .signIn)
        let again = await #expect(throws: OTPError.self) {
            try await fixture.otp.verifyTokenless(code, for: Fixture.number, purpose: .signIn)
        }
        #expect(again?.code == .expired)
    }

    @Test func newerTokenlessCodeReplacesTheOlder() async throws {
        let fixture = try Fixture()
        _ = try await fixture.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        let first = fixture.sms.lastCode(to: Fixture.number)!
        fixture.clock.advance(by: .seconds(60))
        _ = try await fixture.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        let second = fixture.sms.lastCode(to: Fixture.number)!
        if first != second {
            let old = await #expect(throws: OTPError.self) {
                try await fixture.otp.verifyTokenless(first, for: Fixture.number, purpose: .signIn)
            }
            #expect(old?.code == .incorrectCode)
        }
        _ = try await fixture.otp.verifyTokenless(second, for: Fixture.number, purpose: .signIn)
    }

    @Test func alphanumericCodesVerifyInLowerCase() async throws {
        let fixture = try Fixture { $0.format = .alphanumeric(8) }
        let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        let words = fixture.sms.messages[0].text.split(separator: " ").map(String.init)
        let code = try #require(words.first { $0.count == 8 && $0.allSatisfy { $0.isNumber || $0.isUppercase } })
        #expect(await fixture.verify(code.lowercased(), token: challenge.token) == nil)
    }
}
