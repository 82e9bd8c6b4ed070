// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of the limits on one number, as a caller of the service observes them.
@Suite struct LimitTests {
    /// Issues a code, and returns the remaining wait if a limit refuses the message.
    private func wait(_ fixture: Fixture) async throws -> Duration? {
        do throws(OTPError) {
            _ = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            return nil
        } catch {
            #expect(error.code == .rateLimited)
            return error.retryAfter
        }
    }

    @Test func cooldownGrowsAndEndsExactly() async throws {
        let fixture = try Fixture { $0.limits.sends = [WindowLimit(100, per: .seconds(86_400))] }
        for cooldown in [60, 120, 300, 600, 600, 600] {
            #expect(try await self.wait(fixture) == nil)
            #expect(try await self.wait(fixture) == .seconds(cooldown))
            fixture.clock.advance(by: .seconds(cooldown - 1))
            #expect(try await self.wait(fixture) == .seconds(1))
            fixture.clock.advance(by: .seconds(1))
        }
    }

    @Test func successResetsTheCooldownButNotTheWindows() async throws {
        let fixture = try Fixture()
        #expect(try await self.wait(fixture) == nil)
        fixture.clock.advance(by: .seconds(60))
        let (token, code) = try await fixture.issue()
        #expect(try await self.wait(fixture) == .seconds(120))
        #expect(await fixture.verify(code, token: token) == nil)
        #expect(try await self.wait(fixture) == .seconds(60))
    }

    @Test func fiveMessagesAnHourAndTenADayAreSent() async throws {
        let fixture = try Fixture()
        var sent: [Duration] = []
        let start = fixture.clock.now
        while start.duration(to: fixture.clock.now) < .seconds(2 * 86_400) {
            if let wait = try await self.wait(fixture) {
                fixture.clock.advance(by: wait)
            } else {
                sent.append(start.duration(to: fixture.clock.now))
            }
        }
        for (index, time) in sent.enumerated() {
            #expect(sent[..<index].count { $0 > time - .seconds(60) } < 1)
            #expect(sent[..<index].count { $0 > time - .seconds(3600) } < 5)
            #expect(sent[..<index].count { $0 > time - .seconds(86_400) } < 10)
        }
        #expect(sent.count == 20)
    }

    @Test func failuresLockForAnHourADayAndAMonth() async throws {
        // The limits on challenges are so high that only the failure windows can refuse an attempt.
        let fixture = try Fixture {
            $0.limits.sends = [WindowLimit(200, per: .seconds(86_400))]
            $0.limits.cooldown = [.seconds(1)]
            $0.limits.consecutiveFailures = 100
        }
        var compared: [Duration] = []
        var limits: Set<Refusal.Limit> = []
        let start = fixture.clock.now
        while start.duration(to: fixture.clock.now) < .seconds(29 * 86_400) {
            do throws(OTPError) {
                let challenge = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
                let code = fixture.sms.lastCode(to: Fixture.number)!
                for _ in 0..<4 {
                    switch await fixture.verify(wrong(code), token: challenge.token)?.code {
                    case .incorrectCode: compared.append(start.duration(to: fixture.clock.now))
                    case .locked: break
                    case let other: Issue.record("a wrong attempt gave \(other?.description ?? "success")")
                    }
                }
                // A success does not reset the windows. During a lockout, right and wrong codes have the same result.
                _ = await fixture.verify(code, token: challenge.token)
                fixture.clock.advance(by: .seconds(1))
            } catch {
                if let limit = error.limit { limits.insert(limit) }
                fixture.clock.advance(by: error.retryAfter ?? .seconds(1))
            }
        }
        for (index, time) in compared.enumerated() {
            #expect(compared[..<index].count { $0 > time - .seconds(3600) } < 10)
            #expect(compared[..<index].count { $0 > time - .seconds(86_400) } < 20)
        }
        #expect(compared.count == 60)
        #expect(OTPLimits().failures.allSatisfy { limits.contains(.failures($0)) })
    }

    @Test func hundredConsecutiveFailuresDisableUntilUnlocked() async throws {
        let fixture = try Fixture {
            $0.limits.sends = [WindowLimit(200, per: .seconds(86_400))]
            $0.limits.cooldown = [.seconds(1)]
            $0.limits.failures = [WindowLimit(200, per: .seconds(60))]
        }
        for _ in 0..<20 {
            let (token, code) = try await fixture.issue()
            for _ in 0..<5 { #expect(await fixture.verify(wrong(code), token: token)?.code == .incorrectCode) }
            fixture.clock.advance(by: .seconds(1))
        }
        fixture.clock.advance(by: .seconds(60 * 86_400))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
        }
        #expect(error?.code == .disabled)
        #expect(error?.retryAfter == nil)
        try await fixture.otp.unlock(for: Fixture.number)
        let (token, code) = try await fixture.issue()
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func disabledNumberRefusesEvenTheRightCodeOfALiveChallenge() async throws {
        let fixture = try Fixture {
            $0.limits.sends = [WindowLimit(200, per: .seconds(86_400))]
            $0.limits.cooldown = [.seconds(1)]
            $0.limits.consecutiveFailures = 5
        }
        let (token, code) = try await fixture.issue()
        fixture.clock.advance(by: .seconds(1))
        let (second, secondCode) = try await fixture.issue()
        for _ in 0..<5 { #expect(await fixture.verify(wrong(secondCode), token: second)?.code == .incorrectCode) }
        #expect(await fixture.verify(code, token: token)?.code == .disabled)
    }
}
