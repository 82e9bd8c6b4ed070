// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of limits and codes during the rotation of an index key, when processes use different orders of the keys.
@Suite struct IndexKeyRotationTests {
    @Test func rotatedIndexKeyKeepsLimitsAndLiveCodes() async throws {
        let old = try Fixture(keys: try Fixture.keys(index: ["i1"]))
        let (token, code) = try await old.issue()
        let new = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: old.store)
        let error = await #expect(throws: OTPError.self) {
            try await new.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(await new.verify(code, token: token) == nil)
    }

    @Test func rotatedIndexKeyKeepsTheCooldownOfResends() async throws {
        let old = try Fixture(keys: try Fixture.keys(index: ["i1"]))
        let (token, _) = try await old.issue()
        let new = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: old.store)
        _ = try? await new.otp.issue(for: Fixture.number, purpose: .registration)
        let early = await #expect(throws: OTPError.self) {
            try await new.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(early?.code == .rateLimited)
        old.clock.advance(by: .seconds(60))
        // A message under the new index counts for a resend under the old index.
        _ = try await new.issue()
        let error = await #expect(throws: OTPError.self) {
            try await new.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(120))
    }

    @Test func bothOrdersOfIndexKeysKeepTheLimits() async throws {
        let left = try Fixture(keys: try Fixture.keys(index: ["i1", "i2"]))
        let right = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: left.store)
        for fixture in [left, right, left, right] {
            _ = try? await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(left.sms.messages.count + right.sms.messages.count == 1)
    }

    @Test func successEndsTheFailureStreakUnderBothOrdersOfIndexKeys() async throws {
        let left = try Fixture(keys: try Fixture.keys(index: ["i1", "i2"])) { $0.limits.consecutiveFailures = 6 }
        let right = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: left.store) {
            $0.limits.consecutiveFailures = 6
        }
        for (issuer, verifier) in [(left, right), (right, left), (right, right), (left, left)] {
            left.clock.advance(by: .seconds(86_400))
            let (token, code) = try await issuer.issue()
            for _ in 0..<4 { #expect(await verifier.verify(wrong(code), token: token)?.code == .incorrectCode) }
            #expect(await verifier.verify(code, token: token) == nil)
        }
    }

    @Test func newerTokenlessCodeEndsTheOlderAcrossIndexKeys() async throws {
        let old = try Fixture(keys: try Fixture.keys(index: ["i1"]))
        _ = try await old.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        let first = old.sms.lastCode(to: Fixture.number)!
        let new = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: old.store)
        old.clock.advance(by: .seconds(60))
        _ = try await new.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        _ = try await new.otp.verifyTokenless(
            new.sms.lastCode(to: Fixture.number)!,
            for: Fixture.number,
            purpose: .signIn
        )
        let error = await #expect(throws: OTPError.self) {
            try await new.otp.verifyTokenless(first, for: Fixture.number, purpose: .signIn)
        }
        #expect(error?.code == .expired)
    }

    @Test func rotatedIndexKeyKeepsTheLock() async throws {
        let old = try Fixture(keys: try Fixture.keys(index: ["i1"]))
        for wait in [60, 120] {
            let (token, code) = try await old.issue()
            for _ in 0..<5 { _ = await old.verify(wrong(code), token: token) }
            old.clock.advance(by: .seconds(wait))
        }
        let new = try Fixture(keys: try Fixture.keys(index: ["i2", "i1"]), store: old.store)
        let error = await #expect(throws: OTPError.self) {
            try await new.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .locked)
    }

    @Test func attemptsDoNotUndoAnUnlock() async throws {
        let (left, right) = try Self.pair()
        let (token, code) = try await left.issue()
        for _ in 0..<5 { #expect(await right.verify(wrong(code), token: token)?.code == .incorrectCode) }
        left.clock.advance(by: .seconds(60))
        let (second, secondCode) = try await right.issue()
        for _ in 0..<5 { #expect(await left.verify(wrong(secondCode), token: second)?.code == .incorrectCode) }
        left.clock.advance(by: .seconds(120))
        try await left.otp.unlock(for: Fixture.number)
        for fixture in [left, right, left, right] {
            #expect(await fixture.verify("123456", token: try Self.madeUpToken)?.code == .expired)
        }
        _ = try await right.issue()
    }

    @Test func ownerWhoSucceedsIsNeverDisabled() async throws {
        let (left, right) = try Self.pair { $0.limits.consecutiveFailures = 10 }
        for round in 0..<8 {
            let (issuer, verifier) = round.isMultiple(of: 2) ? (left, right) : (right, left)
            let (token, code) = try await issuer.issue()
            for _ in 0..<3 { #expect(await verifier.verify(wrong(code), token: token)?.code == .incorrectCode) }
            _ = await issuer.verify("123456", token: try Self.madeUpToken)
            #expect(await verifier.verify(code, token: token) == nil)
            left.clock.advance(by: .seconds(86_400))
        }
    }

    @Test func rejectedMessagesDoNotCount() async throws {
        let (left, right) = try Self.pair(outcome: { _ in
            .rejected(SMSError(code: "x", kind: .balance, message: "no balance"))
        })
        for round in 0..<40 {
            let fixture = round.isMultiple(of: 2) ? left : right
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            }
            #expect(error?.code == .deliveryFailed)
            left.clock.advance(by: .seconds(60))
            _ = await fixture.verify("123456", token: try Self.madeUpToken)
        }
    }

    @Test func bothOrdersTogetherSendTenMessagesADay() async throws {
        let (left, right) = try Self.pair()
        let start = left.clock.now
        var turn = 0
        while start.duration(to: left.clock.now) < .seconds(86_400) {
            let fixture = turn.isMultiple(of: 2) ? left : right
            turn += 1
            do throws(OTPError) {
                _ = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            } catch {
                left.clock.advance(by: error.retryAfter ?? .seconds(1))
            }
        }
        #expect(left.sms.messages.count + right.sms.messages.count == 10)
    }

    @Test func bothOrdersTogetherCompareTenAttemptsAnHour() async throws {
        let (left, right) = try Self.pair()
        var compared = 0
        for round in 0..<4 {
            let (issuer, verifier) = round.isMultiple(of: 2) ? (left, right) : (right, left)
            let challenge = try? await issuer.otp.issue(for: Fixture.number, purpose: .registration)
            if let token = challenge?.token, let code = issuer.sms.lastCode(to: Fixture.number) {
                // All attempts in the same millisecond are counted.
                for _ in 0..<5 where await verifier.verify(wrong(code), token: token)?.code == .incorrectCode {
                    compared += 1
                }
            }
            left.clock.advance(by: .seconds(600))
        }
        #expect(compared == 10)
    }

    @Test func everyStepFindsChallengesOfTheOtherOrder() async throws {
        let (left, right) = try Self.pair()
        let (token, code) = try await left.issue()
        #expect(try await right.otp.status(for: Fixture.number, token: token).attemptsRemaining == 5)
        left.clock.advance(by: .seconds(60))
        _ = try await right.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        #expect(right.sms.lastCode(to: Fixture.number) == code)
        try await right.otp.cancel(for: Fixture.number, token: token)
        #expect(await left.verify(code, token: token)?.code == .expired)
    }

    @Test func laterRingsFindARecordUnderAnyOfTheirKeys() async throws {
        let first = try Fixture(keys: try Fixture.keys(index: ["i1"]))
        let (token, code) = try await first.issue()
        for index in [["i1", "i2"], ["i2", "i1"], ["i3", "i2", "i1"], ["i3", "i1"]] {
            let fixture = try Fixture(keys: try Fixture.keys(index: index), store: first.store)
            #expect(try await fixture.otp.status(for: Fixture.number, token: token).attemptsRemaining == 5, "\(index)")
        }
        let last = try Fixture(keys: try Fixture.keys(index: ["i1", "i3"]), store: first.store)
        #expect(await last.verify(code, token: token) == nil)
    }

    /// Returns two services with the same store and clock, and with different orders of the index keys.
    private static func pair(
        policy: (inout OTPPolicy) -> Void = { _ in },
        outcome: @escaping @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in .accepted(SMSReceipt(messageID: "1"))
        }
    ) throws -> (Fixture, Fixture) {
        let left = try Fixture(keys: try Fixture.keys(index: ["i1", "i2"]), policy: policy, outcome: outcome)
        let keys = try Fixture.keys(index: ["i2", "i1"])
        return (left, try Fixture(keys: keys, store: left.store, policy: policy, outcome: outcome))
    }

    /// A token that no service has issued.
    private static var madeUpToken: ChallengeToken {
        get throws { try ChallengeToken("v1." + String(repeating: "A", count: 43)) }
    }
}
