// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

/// Tests of the cooldown after messages that the gateway rejected.
@Suite struct RefusedSendTests {
    private static let rejection = SMSError(code: "x", kind: .number, message: "no such number")

    /// A gateway that rejects all messages until the test opens it.
    private final class Gateway: Sendable {
        let isOpen = Mutex(false)

        func answer() -> SMSSendOutcome {
            self.isOpen.withLock { $0 }
                ? .accepted(SMSReceipt(messageID: "1")) : .rejected(RefusedSendTests.rejection)
        }
    }

    private static func issue(_ fixture: Fixture) async -> OTPError? {
        do throws(OTPError) {
            _ = try await fixture.otp.issue(for: Fixture.number, purpose: .registration)
            return nil
        } catch {
            return error
        }
    }

    @Test func aThousandIssuesMakeOneRequest() async throws {
        let fixture = try Fixture(outcome: { _ in .rejected(Self.rejection) })
        #expect(await Self.issue(fixture)?.code == .deliveryFailed)
        for _ in 0..<999 {
            let error = await Self.issue(fixture)
            #expect(error?.code == .rateLimited)
            #expect(error?.limit == .refusedSends)
            #expect(error?.retryAfter == .seconds(2))
        }
        #expect(fixture.sms.messages.count == 1)
    }

    @Test func waitsGrowToAMinuteAndStayThere() async throws {
        let fixture = try Fixture(outcome: { _ in .rejected(Self.rejection) })
        for wait in [2, 10, 30, 60, 60, 60, 60, 60] {
            #expect(await Self.issue(fixture)?.code == .deliveryFailed)
            fixture.clock.advance(by: .seconds(wait) - .milliseconds(1))
            let error = await Self.issue(fixture)
            #expect(error?.limit == .refusedSends)
            #expect(error?.retryAfter == .milliseconds(1))
            fixture.clock.advance(by: .milliseconds(1))
        }
    }

    /// The arguments are the time since the last cooldown in milliseconds, and the expected next cooldown in seconds.
    @Test(arguments: [(0, 60), (59_999, 60), (60_000, 2), (3_600_000, 2)])
    func rejectionsAreForgottenAfterTwiceTheLongestWait(pause: Int, next: Int) async throws {
        let fixture = try Fixture(outcome: { _ in .rejected(Self.rejection) })
        for wait in [2, 10, 30, 60] {
            #expect(await Self.issue(fixture)?.code == .deliveryFailed)
            fixture.clock.advance(by: .seconds(wait))
        }
        fixture.clock.advance(by: .milliseconds(pause))
        #expect(await Self.issue(fixture)?.code == .deliveryFailed)
        #expect(await Self.issue(fixture)?.retryAfter == .seconds(next))
    }

    @Test func customWaitsStayAtTheLastOne() async throws {
        let rows: [(waits: [Duration], expected: [Duration])] = [
            ([.seconds(5)], [.seconds(5), .seconds(5), .seconds(5)]),
            ([.seconds(1), .seconds(86_400)], [.seconds(1), .seconds(86_400), .seconds(86_400), .seconds(86_400)]),
            ([.seconds(90), .seconds(3)], [.seconds(90), .seconds(3), .seconds(3), .seconds(3)]),
        ]
        for row in rows {
            let fixture = try Fixture(
                policy: { $0.limits.refusedCooldown = row.waits },
                outcome: { _ in .rejected(Self.rejection) }
            )
            for wait in row.expected {
                #expect(await Self.issue(fixture)?.code == .deliveryFailed)
                #expect(await Self.issue(fixture)?.retryAfter == wait)
                fixture.clock.advance(by: wait)
            }
        }
    }

    @Test func rejectedMessagesFillNoWindowAndNoCooldown() async throws {
        let gateway = Gateway()
        let fixture = try Fixture(outcome: { _ in gateway.answer() })
        for _ in 0..<12 {
            #expect(await Self.issue(fixture)?.code == .deliveryFailed)
            fixture.clock.advance(by: .seconds(60))
        }
        gateway.isOpen.withLock { $0 = true }
        #expect(await Self.issue(fixture) == nil)
        let next = await Self.issue(fixture)
        #expect(next?.limit == .cooldown)
        #expect(next?.retryAfter == .seconds(60))
    }

    @Test func anAcceptedMessageResetsTheWaits() async throws {
        let gateway = Gateway()
        let fixture = try Fixture(
            policy: {
                $0.limits.cooldown = [.seconds(1)]
                $0.limits.sends = [WindowLimit(10, per: .seconds(3_600))]
                $0.limits.refusedCooldown = [.seconds(2), .seconds(100)]
            },
            outcome: { _ in gateway.answer() }
        )
        #expect(await Self.issue(fixture)?.code == .deliveryFailed)
        fixture.clock.advance(by: .seconds(2))
        gateway.isOpen.withLock { $0 = true }
        #expect(await Self.issue(fixture) == nil)
        fixture.clock.advance(by: .seconds(2))
        gateway.isOpen.withLock { $0 = false }
        #expect(await Self.issue(fixture)?.code == .deliveryFailed)
        #expect(await Self.issue(fixture)?.retryAfter == .seconds(2))
    }

    @Test func resendsWaitToo() async throws {
        let gateway = Gateway()
        gateway.isOpen.withLock { $0 = true }
        let fixture = try Fixture(outcome: { _ in gateway.answer() })
        let (token, code) = try await fixture.issue()
        gateway.isOpen.withLock { $0 = false }
        fixture.clock.advance(by: .seconds(60))
        for expected in [OTPError.Code.deliveryFailed, .rateLimited, .rateLimited] {
            let error = await #expect(throws: OTPError.self) {
                try await fixture.otp.resend(for: Fixture.number, token: token, purpose: .registration)
            }
            #expect(error?.code == expected)
        }
        // The wait applies only to messages, so the code can still be verified.
        #expect(await fixture.verify(code, token: token) == nil)
    }

    @Test func otherNumbersAndUnknownOutcomesDoNotWait() async throws {
        let fixture = try Fixture(outcome: { message in
            message.recipient == Fixture.number
                ? .rejected(Self.rejection) : .unknown(SMSError(code: "t", kind: .transient, message: "no answer"))
        })
        #expect(await Self.issue(fixture)?.code == .deliveryFailed)
        _ = try await fixture.otp.issue(for: Fixture.otherNumber, purpose: .registration)
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.issue(for: Fixture.otherNumber, purpose: .registration)
        }
        #expect(error?.limit == .cooldown)
    }
}
