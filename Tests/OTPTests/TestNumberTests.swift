// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of fictitious numbers with a fixed code.
@Suite struct TestNumberTests {
    private static let number = PhoneNumber(e164: "+447700900123")!
    private static let code = "271828"

    /// Creates a service with a test number that is valid for one day.
    private static func fixture(_ change: (inout OTPPolicy) -> Void = { _ in }) throws -> Fixture {
        try Fixture(policy: { policy in
            policy.profile = .test
            policy.testNumbers = [
                TestNumber(Self.number, code: Self.code, until: Date(timeIntervalSince1970: 1_700_086_400))
            ]
            change(&policy)
        })
    }

    @Test("Only the test profile starts with a test number", arguments: OTPPolicy.Profile.all.filter { $0 != .test })
    func otherProfile(profile: OTPPolicy.Profile) throws {
        let error = #expect(throws: OTPConfigurationError.self) { try Self.fixture { $0.profile = profile } }
        #expect(error?.setting == "testNumbers")
        #expect(OTPPolicy(destinations: [.singapore]).profile == .development)
    }

    @Test(
        "A test number gets its fixed code, and is never dialled",
        arguments: OTPPolicy.ResendPolicy.all
    )
    func fixedCode(resend: OTPPolicy.ResendPolicy) async throws {
        let fixture = try Self.fixture { $0.resend = resend }
        let challenge = try await fixture.otp.issue(for: Self.number, purpose: .registration)
        fixture.clock.advance(by: .seconds(60))
        _ = try await fixture.otp.resend(
            for: Self.number,
            token: challenge.token,
            purpose: .registration
        )
        #expect(
            await fixture.verify("000000", for: Self.number, token: challenge.token)?.code
                == .incorrectCode
        )
        #expect(await fixture.verify(Self.code, for: Self.number, token: challenge.token) == nil)
        // A used code is used.
        #expect(
            await fixture.verify(Self.code, for: Self.number, token: challenge.token)?.code == .expired
        )
        #expect(fixture.sms.messages.isEmpty)
    }

    @Test("A tokenless code of a test number is the fixed one, too") func tokenless() async throws {
        let fixture = try Self.fixture()
        _ = try await fixture.otp.issueTokenless(for: Self.number, purpose: .signIn)
        _ = try await fixture.otp.verifyTokenless(Self.code, for: Self.number, purpose: .signIn)
        #expect(fixture.sms.messages.isEmpty)
    }

    @Test("A test code does not verify another number, which gets a message with a code of its own")
    func otherNumber() async throws {
        let fixture = try Self.fixture()
        // One of a million random codes is the fixed one.
        var (token, code) = try await fixture.issue()
        if code == Self.code {
            fixture.clock.advance(by: .seconds(60))
            (token, code) = try await fixture.issue()
        }
        #expect(await fixture.verify(Self.code, token: token)?.code == .incorrectCode)
        #expect(await fixture.verify(code, token: token) == nil)
        #expect(fixture.sms.messages.count >= 1)
    }

    @Test("From its end on, by the store's clock, a test number is refused") func end() async throws {
        let fixture = try Self.fixture()
        fixture.clock.advance(by: .seconds(86_399))
        let challenge = try await fixture.otp.issue(for: Self.number, purpose: .registration)
        fixture.clock.advance(by: .seconds(1))
        #expect(
            await fixture.verify(Self.code, for: Self.number, token: challenge.token)?.code == .expired
        )
        fixture.clock.advance(by: .seconds(3600))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Self.number, purpose: .registration)
        }
        #expect(error?.code == .destinationNotAllowed)
        #expect(fixture.sms.messages.isEmpty)
    }

    @Test("A test number has limits and challenges of its own") func counters() async throws {
        let clock = ManualClock()
        let store = InMemoryOTPStore(
            clock: clock,
            start: Date(timeIntervalSince1970: 1_700_000_000)
        )
        let real = try Fixture(store: store, policy: { $0.destinations = [.unitedKingdom] })
        let test = try Fixture(
            store: store,
            policy: { policy in
                policy.profile = .test
                policy.testNumbers = [TestNumber(Self.number, code: Self.code, until: .distantFuture)]
            }
        )
        let realChallenge = try await real.otp.issue(for: Self.number, purpose: .registration)
        // The cooldown of the real number does not matter.
        let testChallenge = try await test.otp.issue(for: Self.number, purpose: .registration)
        #expect(
            await test.verify(Self.code, for: Self.number, token: realChallenge.token)?.code == .expired
        )
        #expect(
            await real.verify(Self.code, for: Self.number, token: testChallenge.token)?.code == .expired
        )
        #expect(await test.verify(Self.code, for: Self.number, token: testChallenge.token) == nil)
        // The test number has a cooldown, too.
        clock.advance(by: .seconds(60))
        let other = try await test.otp.issueTokenless(for: Self.number, purpose: .signIn)
        #expect(other.delivery == .accepted(messageID: "test-number"))
        await #expect(throws: OTPError.self) {
            try await test.otp.issue(for: Self.number, purpose: .registration)
        }
    }

    @Test("A guard takes no part in a test number, even with an empty budget") func guarded() async throws {
        let bench = try GuardBench(
            budget: 0,
            otp: { policy in
                policy.profile = .test
                policy.testNumbers = [TestNumber(Self.number, code: Self.code, until: .distantFuture)]
            }
        )
        let challenge = try await bench.otp.issue(for: Self.number, purpose: .registration)
        #expect(await bench.fixture.verify("000000", for: Self.number, token: challenge.token)?.code == .incorrectCode)
        #expect(await bench.fixture.verify(Self.code, for: Self.number, token: challenge.token) == nil)
        await bench.gate.flush()
        #expect(bench.ledger.calls.isEmpty)
        #expect(bench.sms.messages.isEmpty)
        #expect(await bench.issue()?.code == .blocked)
    }

    @Test("A faulty list of test numbers is refused by position") func faultyList() throws {
        func message(_ entries: [TestNumber]) -> String? {
            var policy = OTPPolicy(destinations: [.singapore])
            policy.profile = .test
            policy.testNumbers = entries
            do {
                try policy.validate()
                return nil
            } catch {
                return error.setting == "testNumbers" ? error.message : "another setting"
            }
        }
        let entry = TestNumber(Self.number, code: Self.code, until: .distantFuture)
        #expect(message([entry]) == nil)
        for code in ["", "12345", "1234567", "12345a", " 271828", "２７１８２８"] {
            let other = TestNumber(Fixture.number, code: code, until: .distantFuture)
            #expect(message([entry, other])?.contains("entry 2") == true, "\(code)")
        }
        #expect(message([entry, entry])?.contains("entry 2") == true)
    }

    @Test("No text form of a test number shows its digits or its code") func secrecy() {
        let entry = TestNumber(Self.number, code: Self.code, until: .distantFuture)
        var shown = "\(entry) \(String(reflecting: entry)) "
        dump(entry, to: &shown)
        #expect(!shown.contains(Self.code) && !shown.contains("7700900123"))
    }
}
