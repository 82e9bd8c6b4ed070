// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of the price of a message in the guard's budgets.
@Suite struct GuardedSegmentTests {
    private static func spent(_ messages: MessageTemplates, resend: Bool = false) async throws -> (Int?, Int) {
        let bench = try GuardBench(
            messages: messages,
            policy: {
                $0.serviceBudget.money = 1_000_000
                $0.prices = [.singapore: 300]
            }
        )
        let token = try await bench.otp.issue(for: Fixture.number, purpose: .registration).token
        if resend {
            bench.fixture.clock.advance(by: .seconds(120))
            _ = try await bench.otp.resend(for: Fixture.number, token: token, purpose: .registration)
        }
        let segments = bench.sms.messages.map { SMSSegmentCount(of: $0.text).segments }
        return (try await bench.record(.service)?.spent, 300 * segments.reduce(0, +))
    }

    @Test(arguments: [false, true])
    func moneyIsThePriceOfEachSegmentOfTheRealText(resend: Bool) async throws {
        let short = try await Self.spent(try MessageTemplates(brand: "Acme"), resend: resend)
        #expect(short.0 == short.1 && short.1 == (resend ? 600 : 300))
        // A brand outside GSM-7 makes the longest text take several segments of UCS-2.
        let brand = try MessageTemplates(brand: "Łódź Ж", languages: [.english], maximumSegments: 4)
        let long = try await Self.spent(brand, resend: resend)
        #expect(long.0 == long.1 && long.1 > short.1)
    }
}
