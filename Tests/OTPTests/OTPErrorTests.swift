// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Testing

/// Tests of the properties of errors that callers use.
@Suite struct OTPErrorTests {
    @Test func errorsAreMatchedByCode() async throws {
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let error = await fixture.verify(wrong(code), token: token)
        #expect(error?.code == .incorrectCode)
        #expect(error?.code != .expired)
    }

    /// The HTTP statuses in the table of the documentation.
    private static let statuses: [OTPError.Code: Int] = [
        .malformedCode: 400, .invalidToken: 400, .destinationNotAllowed: 403, .disabled: 403, .expired: 410,
        .attemptsExhausted: 410, .keyUnavailable: 410, .incorrectCode: 422, .invalidProof: 422, .locked: 429,
        .rateLimited: 429, .deliveryFailed: 502, .storeUnavailable: 503, .cancelled: 503,
        .humanCheckRequired: 403, .blocked: 429,
    ]

    @Test(arguments: OTPError.Code.all) func everyCodeHasItsHTTPStatus(code: OTPError.Code) {
        #expect(OTPError(code, "").httpStatus == Self.statuses[code], "\(code)")
    }

    @Test func everyCodeIsListedOnce() {
        #expect(OTPError.Code.all.count == Self.statuses.count)
        #expect(Set(OTPError.Code.all.map(\.description)).count == Self.statuses.count)
    }

    @Test(arguments: [
        (Duration?.none, Int?.none), (.zero, 1), (.milliseconds(1), 1), (.seconds(1), 1), (.milliseconds(1001), 2),
        (.seconds(59) + .nanoseconds(1), 60), (.seconds(-5), 1), (.seconds(Int64.max), Int.max),
        (.seconds(Int64.max) + .milliseconds(1), Int.max), (.seconds(Int64.min), 1),
    ])
    func retryAfterIsRoundedUpToWholeSeconds(wait: Duration?, seconds: Int?) {
        var error = OTPError(.rateLimited, "")
        error.retryAfter = wait
        #expect(error.retryAfterSeconds == seconds)
    }

    @Test func messagesAreInOneVoice() async throws {
        let fixture = try Fixture(outcome: { _ in .rejected(SMSError(code: "x", kind: .number, message: "no")) })
        var errors: [OTPError] = []
        func collect(_ step: () async throws -> Void) async {
            do { try await step() } catch let error as OTPError { errors.append(error) } catch {}
        }
        for _ in 0..<2 { await collect { _ = try await fixture.otp.issue(for: Fixture.number, purpose: .signIn) } }
        await collect { _ = try await fixture.otp.issue(for: PhoneNumber("+12025550123"), purpose: .signIn) }
        await collect { _ = try ChallengeToken("x") }
        await collect { try await fixture.otp.redeem("x", for: Fixture.number, purpose: .signIn) }
        await collect { _ = try await fixture.otp.verifyTokenless("123456", for: Fixture.number, purpose: .signIn) }
        await collect { _ = try await fixture.otp.verifyTokenless("abc", for: Fixture.number, purpose: .signIn) }
        #expect(errors.count == 7)
        for error in errors {
            #expect(error.message.first?.isLowercase == true, "\(error)")
            #expect(error.message.last != ".", "\(error)")
        }
    }

    @Test func errorsAreComparedByCode() {
        var detailed = OTPError(.rateLimited, "other words", cause: BrokenStore.Gone())
        detailed.retryAfter = .seconds(1)
        #expect(detailed == OTPError(.rateLimited, "words"))
        #expect(detailed != OTPError(.locked, "other words"))
        #expect(throws: OTPError(.rateLimited, "words")) { throw detailed }
        #expect(OTPError.Code.rateLimited ~= detailed)
        #expect(!(OTPError.Code.locked ~= detailed))
        #expect(!(OTPError.Code.rateLimited ~= BrokenStore.Gone()))
    }

    @Test func changeOfACopyKeepsTheOriginal() {
        let original = OTPError(.rateLimited, "words", cause: BrokenStore.Gone())
        var copy = original
        copy.code = .deliveryFailed
        copy.message = "other words"
        copy.retryAfter = .seconds(1)
        copy.attemptsRemaining = 2
        copy.limit = .cooldown
        copy.delivery = SMSError(code: "x", kind: .number, message: "no")
        copy.cause = nil
        #expect(original.code == .rateLimited && original.message == "words")
        #expect(original.retryAfter == nil && original.attemptsRemaining == nil && original.limit == nil)
        #expect(original.delivery == nil && original.cause is BrokenStore.Gone)
        #expect(copy.code == .deliveryFailed && copy.message == "other words")
        #expect(copy.retryAfter == .seconds(1) && copy.attemptsRemaining == 2 && copy.limit == .cooldown)
        #expect(copy.delivery?.code == "x" && copy.cause == nil)
    }
}
