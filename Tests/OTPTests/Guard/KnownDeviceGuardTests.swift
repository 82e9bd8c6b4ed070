// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of known devices with a guard.
@Suite(.timeLimit(.minutes(1))) struct KnownDeviceGuardTests {
    private static func bench() throws -> GuardBench {
        try GuardBench(policy: {
            $0[.init(.unverified, .source)]?.threshold = .bucket(
                .init(capacity: 1, checkedCapacity: 1, pause: 900, credit: 2)
            )
        })
    }

    /// Verifies a number, returns the device token, and empties the guard's bucket for the address.
    private static func device(_ bench: GuardBench, _ number: PhoneNumber) async throws -> DeviceToken {
        let client = GuardBench.client()
        let challenge = try await bench.otp.issue(for: number, purpose: .registration, client: client)
        let proof = try await bench.otp.verify(
            try #require(bench.sms.lastCode(to: number)),
            for: number,
            token: challenge.token,
            purpose: .registration,
            client: client
        )
        await bench.gate.flush()
        bench.fixture.clock.advance(by: .seconds(86_400))
        return bench.otp.deviceToken(for: proof)
    }

    @Test func knownDevicePassesABreakerForItsNumberOnly() async throws {
        let bench = try Self.bench()
        let number = GuardBench.number(1)
        var client = GuardBench.client()
        client.deviceToken = try await Self.device(bench, number)
        for other in 2..<5 { _ = await bench.issue(GuardBench.number(other)) }
        #expect(await bench.issue(GuardBench.number(5))?.code == .blocked)
        #expect(await bench.issue(GuardBench.number(5), client: client)?.code == .blocked)
        #expect(await bench.issue(number)?.code == .blocked)
        #expect(await bench.issue(number, client: client) == nil)
    }

    @Test func revokedDevicePassesNoBreaker() async throws {
        let bench = try Self.bench()
        let number = GuardBench.number(1)
        var client = GuardBench.client()
        client.deviceToken = try await Self.device(bench, number)
        let challenge = try await bench.otp.issue(for: number, purpose: .registration, client: client)
        try await bench.otp.revokeDevices(of: number)
        for other in 2..<5 { _ = await bench.issue(GuardBench.number(other)) }
        bench.fixture.clock.advance(by: .seconds(60))
        let sent = bench.sms.messages.count
        #expect(await bench.issue(number, client: client)?.code == .blocked)
        let resend = await #expect(throws: OTPError.self) {
            try await bench.otp.resend(for: number, token: challenge.token, purpose: .registration, client: client)
        }
        #expect(resend?.code == .blocked)
        let tokenless = await #expect(throws: OTPError.self) {
            try await bench.otp.issueTokenless(for: number, purpose: .registration, client: client)
        }
        #expect(tokenless?.code == .blocked)
        #expect(bench.sms.messages.count == sent)
        // The guard keeps no count of the messages that the revocation prevented.
        await bench.gate.flush()
        #expect(bench.ledger.calls.count { $0 == .release } == 3)
    }

    @Test func revokedDeviceUsesItsHumanCheckOnce() async throws {
        let check = FakeHumanCheck()
        let bench = try GuardBench(
            humanCheck: check,
            policy: {
                $0[.init(.unverified, .source)]?.threshold = .bucket(
                    .init(capacity: 1, checkedCapacity: 9, pause: 900, credit: 2)
                )
            }
        )
        let number = GuardBench.number(1)
        var client = GuardBench.client()
        client.deviceToken = try await Self.device(bench, number)
        try await bench.otp.revokeDevices(of: number)
        for other in 2..<5 { _ = await bench.issue(GuardBench.number(other)) }
        #expect(await bench.issue(number, client: client)?.code == .humanCheckRequired)
        client.humanCheckResponse = "solved"
        #expect(await bench.issue(number, client: client) == nil)
        #expect(check.requests.count == 1)
    }

    @Test func resendOfAKnownDevicePassesABreaker() async throws {
        let bench = try Self.bench()
        let number = GuardBench.number(1)
        var client = GuardBench.client()
        client.deviceToken = try await Self.device(bench, number)
        let challenge = try await bench.otp.issue(for: number, purpose: .registration, client: client)
        for other in 2..<5 { _ = await bench.issue(GuardBench.number(other)) }
        bench.fixture.clock.advance(by: .seconds(60))
        let unknown = await #expect(throws: OTPError.self) {
            try await bench.otp.resend(
                for: number,
                token: challenge.token,
                purpose: .registration,
                client: GuardBench.client()
            )
        }
        #expect(unknown?.code == .blocked)
        _ = try await bench.otp.resend(for: number, token: challenge.token, purpose: .registration, client: client)
    }
}
