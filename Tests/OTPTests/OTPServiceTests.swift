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

    @Test func challengeTellsTimesAndAttempts() async throws {
        let fixture = try Fixture()
        let challenge = try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        #expect(challenge.expiresAt == Date(timeIntervalSince1970: 1_700_000_300))
        #expect(challenge.resendAt == Date(timeIntervalSince1970: 1_700_000_060))
        #expect(challenge.attemptsRemaining == 5)
        #expect(challenge.delivery == .accepted(messageID: "m1"))
        let message = try #require(fixture.sms.messages.first)
        #expect(message.category == .oneTimePassword)
        #expect(message.validity == .seconds(300))
        #expect(message.dispatchID?.count == 16)
        // For gateways that send only templates of their own.
        let code = try #require(fixture.sms.lastCode(to: Fixture.number))
        #expect(message.variables == ["code": code, "minutes": "5"])
    }

    @Test func wrongCodeCountsDownAndFiveAreAllowed() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        for remaining in [4, 3, 2, 1, 0] {
            let error = await fixture.verify(wrong(code), token: token)
            #expect(error?.code == .incorrectCode)
            #expect(error?.attemptsRemaining == remaining)
        }
        #expect(await fixture.verify(code, token: token)?.code == .attemptsExhausted)
    }

    @Test func malformedInputBurnsNoAttempt() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let inputs = [
            "", "12345", "1234567", "12345a", "12345²", "12345\u{0}", code + ",", String(repeating: "1", count: 9999),
        ]
        for input in inputs {
            #expect(await fixture.verify(input, token: token)?.code == .malformedCode, "\(input.prefix(20))")
        }
        #expect(try await fixture.otp.status(of: Fixture.number, token: token).attemptsRemaining == 5)
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

    @Test func codeExpiresAtTheEndOfItsLifeAndNotBefore() async throws {
        for (milliseconds, expected) in [(299_999, nil), (300_000, OTPError.Code.expired)] {
            let fixture = try Fixture()
            let (token, code) = try await fixture.issue()
            fixture.clock.advance(by: .milliseconds(milliseconds))
            #expect(await fixture.verify(code, token: token)?.code == expected)
        }
    }

    @Test func forAnythingElseThereIsNoChallengeAndNoAttemptIsLost() async throws {
        let fixture = try Fixture()
        let context = Array("10 EUR to Ann".utf8)
        let (token, code) = try await fixture.issue(context: context)
        let (otherToken, _) = try await fixture.issue(to: Fixture.otherNumber, context: context)
        let tenant = try Fixture(store: fixture.store, tenant: "other")

        #expect(await fixture.verify(code, for: Fixture.otherNumber, token: token, context: context)?.code == .expired)
        #expect(await fixture.verify(code, token: otherToken, context: context)?.code == .expired)
        #expect(try await fixture.otp.status(of: Fixture.number, token: token).attemptsRemaining == 5)
        #expect(await fixture.verify(code, token: token, purpose: .signIn, context: context)?.code == .expired)
        #expect(await fixture.verify(code, token: token, context: Array("99 EUR to Eve".utf8))?.code == .expired)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
        #expect(await tenant.verify(code, token: token, context: context)?.code == .expired)
        #expect(try await fixture.otp.status(of: Fixture.number, token: token).attemptsRemaining == 5)
        #expect(try await fixture.otp.status(of: Fixture.otherNumber, token: otherToken).attemptsRemaining == 5)
        #expect(await fixture.verify(code, token: token, context: context) == nil)
    }

    @Test func forgedSecretTouchesNoCounter() async throws {
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
        // Ten failures within the hour have locked the number, but not the code that its owner holds already.
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func failedSendIsGivenBack() async throws {
        let rejection = SMSError(code: "AMOUNT_NOT_ENOUGH", kind: .balance, message: "no balance")
        let fixture = try Fixture(answer: { _ in .rejected(rejection) })
        for _ in 0..<20 {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
            }
            #expect(error?.code == .deliveryFailed)
            #expect(error?.delivery == rejection)
            fixture.clock.advance(by: .seconds(60))
        }
        #expect(fixture.sms.messages.count == 20)
    }

    @Test func unknownSendStaysCountedAndItsCodeLive() async throws {
        let unknown = SMSError(code: "timeout", kind: .transient, message: "no answer")
        let fixture = try Fixture(answer: { _ in .unknown(unknown) })
        let challenge = try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        #expect(challenge.delivery == .unknown)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(await fixture.verify(fixture.sms.lastCode(to: Fixture.number)!, token: challenge.token!) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func clientThatHangsEndsAtTheDeadlineAsUnknown() async throws {
        let (released, release) = AsyncStream<Void>.makeStream()
        defer { release.finish() }
        let fixture = try Fixture(answer: { _ in
            // A task of its own is deaf to the cancellation of this one.
            await Task.detached { for await _ in released {} }.value
            return .accepted(SMSReceipt(messageID: "late"))
        })
        async let issued = fixture.otp.issue(to: Fixture.number, purpose: .registration)
        while fixture.clock.sleeperCount == 0 { await Task.yield() }
        fixture.clock.advance(by: .seconds(11))
        let challenge = try await issued
        #expect(challenge.delivery == .unknown)
        #expect(await fixture.verify(fixture.sms.lastCode(to: Fixture.number)!, token: challenge.token!) == nil)
    }

    @Test func cancelledCallerStillSettles() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let fixture = try Fixture(answer: { _ in
            start.finish()
            for await _ in released {}
            return .rejected(SMSError(code: "x", kind: .number, message: "no such number"))
        })
        let task = Task { try await fixture.otp.issue(to: Fixture.number, purpose: .registration) }
        for await _ in started {}
        task.cancel()
        release.finish()
        await #expect(throws: OTPError.self) { try await task.value }
        // The refusal was settled although nobody waited: the number can be tried again after the short wait.
        fixture.clock.advance(by: .seconds(2))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .deliveryFailed)
    }

    @Test func destinationIsCheckedBeforeAnyLimitIsCharged() async throws {
        struct Picky: SMSClient {
            func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
                .accepted(SMSReceipt(messageID: "1"))
            }
            func canSend(to number: PhoneNumber) -> Bool { false }
        }
        let fixture = try Fixture()
        let american = PhoneNumber(e164: "+12025550123")!
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(to: american, purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed)
        let picky = try OTPService(
            store: fixture.store,
            sms: Picky(),
            keys: try Fixture.keys(),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme")
        )
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await picky.issue(to: Fixture.number, purpose: .registration)
            }
            #expect(error?.code == .destinationNotAllowed)
        }
        #expect(fixture.sms.messages.isEmpty)
        _ = try await fixture.issue()
    }

    @Test(arguments: [
        // A landline, a personal number, premium and shared cost, toll free, a pager, a satellite telephone.
        "+442079460000", "+447012345678", "+449012345678", "+448712345678", "+448001234567", "+447640123456",
        "+881612345678", "+33891123456", "+33801234567", "+19005550123", "+18005550123", "+4990012345678",
        "+979123456789",
        // Landlines of other regions.
        "+6561234567", "+33142685300", "+493012345678", "+81312345678", "+61291234567",
        // The plan assigns it to no region of its calling code.
        "+15555550123", "+390347123456",
        // Other forms of a number.
        "+972591234567", "+551161234567", "+33690001234", "+85201234567", "+49151234567890",
        // Two trunk prefixes, or a foreign number with its international prefix.
        "+490017185550123", "+88600964445930",
    ])
    func noCodeIsSentToOtherKindsOfNumbers(text: String) async throws {
        var regions = Set(Region.all)
        regions.subtract(["VI", "VA"].compactMap { Region($0) })
        let fixture = try Fixture { $0.destinations = regions }
        let number = try PhoneNumber(text)
        for _ in 0..<3 {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(to: number, purpose: .registration)
            }
            #expect(error?.code == .destinationNotAllowed, "\(text)")
        }
        #expect(fixture.sms.messages.isEmpty)
    }

    @Test func policySaysWhichKindsOfNumbersGetCodes() async throws {
        let landline = try PhoneNumber("+44 20 7946 0000")
        let fixture = try Fixture { policy in
            policy.destinations = [.unitedKingdom]
            policy.kinds = [.fixedLine]
        }
        _ = try await fixture.otp.issue(to: landline, purpose: .registration)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(to: try PhoneNumber("+44 7400 123456"), purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed && error?.message.contains("mobile") == true)
        // A number that no plan assigns yet may be a new one.
        let other = try Fixture { $0.destinations = [.hongKong] }
        let unknown = try PhoneNumber("+852 4000 0000")
        #expect(unknown.kind == .unknown)
        _ = try await other.otp.issue(to: unknown, purpose: .registration)
    }

    @Test func cancelEndsTheCodeAndKeepsTheCooldown() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        try await fixture.otp.cancel(Fixture.number, token: token)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
        let again = await #expect(throws: OTPError.self) { try await fixture.otp.cancel(Fixture.number, token: token) }
        #expect(again?.code == .expired)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(60))
    }

    @Test func storeThatFailsSendsNothingAndVerifiesNothing() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let otp = try OTPService(
            store: BrokenStore(),
            sms: fixture.sms,
            keys: try Fixture.keys(),
            policy: OTPPolicy(destinations: [.singapore]),
            messages: try MessageTemplates(brand: "Acme")
        )
        let issue = await #expect(throws: OTPError.self) {
            try await otp.issue(to: Fixture.otherNumber, purpose: .registration)
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
        let challenge = try await fixture.otp.issueTokenless(to: Fixture.number, purpose: .signIn)
        #expect(challenge.token == nil)
        let code = fixture.sms.lastCode(to: Fixture.number)!
        let other = await #expect(throws: OTPError.self) {
            try await fixture.otp.verify(code, for: Fixture.number, purpose: .registration)
        }
        #expect(other?.code == .expired)
        _ = try await fixture.otp.verify(code, for: Fixture.number, purpose: .signIn)
        let again = await #expect(throws: OTPError.self) {
            try await fixture.otp.verify(code, for: Fixture.number, purpose: .signIn)
        }
        #expect(again?.code == .expired)
    }

    @Test func newerTokenlessCodeEndsTheOlder() async throws {
        let fixture = try Fixture()
        _ = try await fixture.otp.issueTokenless(to: Fixture.number, purpose: .signIn)
        let first = fixture.sms.lastCode(to: Fixture.number)!
        fixture.clock.advance(by: .seconds(60))
        _ = try await fixture.otp.issueTokenless(to: Fixture.number, purpose: .signIn)
        let second = fixture.sms.lastCode(to: Fixture.number)!
        if first != second {
            let old = await #expect(throws: OTPError.self) {
                try await fixture.otp.verify(first, for: Fixture.number, purpose: .signIn)
            }
            #expect(old?.code == .incorrectCode)
        }
        _ = try await fixture.otp.verify(second, for: Fixture.number, purpose: .signIn)
    }

    @Test func alphanumericCodesTravelAndFoldCase() async throws {
        let fixture = try Fixture { $0.format = .alphanumeric(8) }
        let challenge = try await fixture.otp.issue(to: Fixture.number, purpose: .registration)
        let words = fixture.sms.messages[0].text.split(separator: " ").map(String.init)
        let code = try #require(words.first { $0.count == 8 && $0.allSatisfy { $0.isNumber || $0.isUppercase } })
        #expect(await fixture.verify(code.lowercased(), token: challenge.token!) == nil)
    }
}

/// A store that answers nothing.
struct BrokenStore: OTPStore {
    struct Gone: Error {}

    func issue(_: ChallengeReference, code: ProtectedCode, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> IssueDecision
    { throw Gone() }
    func verify(_: Attempt, of: ChallengeReference, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> VerifyDecision
    { throw Gone() }
    func resend(_: ChallengeReference, code: ResendCode, for: PhoneNumberIndexes, limits: StoreLimits) async throws
        -> ResendDecision
    { throw Gone() }
    func release(_: SendReservation, for: PhoneNumberIndexes, limits: StoreLimits) async throws { throw Gone() }
    func cancel(_: ChallengeID, for: PhoneNumberIndexes, limits: StoreLimits) async throws -> Bool { throw Gone() }
    func status(of: ChallengeID, for: PhoneNumberIndexes, limits: StoreLimits) async throws -> ChallengeStatus? {
        throw Gone()
    }
    func unlock(_: PhoneNumberIndexes, limits: StoreLimits) async throws { throw Gone() }
    func redeem(proof: [UInt8], expiringAt: StoreTime, lifetime: Duration) async throws -> Bool { throw Gone() }
}
