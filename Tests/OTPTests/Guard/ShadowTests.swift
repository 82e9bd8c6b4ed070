// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of sends that the guard silently drops.
@Suite(.timeLimit(.minutes(1))) struct ShadowTests {
    /// Returns two services: the guard of the first drops all messages after the first message, and the second sends all
    /// messages.
    private static func benches(_ receipt: SMSReceipt) throws -> (dropping: GuardBench, sending: GuardBench) {
        let outcome: @Sendable (SMSMessage) async -> SMSSendOutcome = { _ in .accepted(receipt) }
        let dropping = try GuardBench(
            budget: 1,
            policy: { $0[.init(.messages, .service)]?.mode = .shadow },
            outcome: outcome
        )
        return (dropping, try GuardBench(outcome: outcome))
    }

    private static let receipt = SMSReceipt(messageID: "1919215851018-a3", requestID: "9FD3A1C0-77-E")

    /// Returns an identifier with `9` for each digit, and `a` or `A` for each letter.
    private static func shape(_ text: String?) -> String? {
        text.map { text in
            String(text.map { $0.isNumber ? "9" : $0.isLowercase ? "a" : $0.isUppercase ? "A" : $0 })
        }
    }

    @Test func droppedSendLooksLikeARealOneToTheCaller() async throws {
        let benches = try Self.benches(Self.receipt)
        var challenges: [Challenge] = []
        for bench in [benches.dropping, benches.sending] {
            #expect(await bench.issue(Fixture.otherNumber) == nil)
            challenges.append(try await bench.otp.issue(for: Fixture.number, purpose: .registration))
        }
        #expect(benches.dropping.sms.messages.count == 1 && benches.sending.sms.messages.count == 2)
        let (dropped, sent) = (challenges[0], challenges[1])
        #expect(dropped.expiresAt == sent.expiresAt && dropped.resendAllowedAt == sent.resendAllowedAt)
        #expect(dropped.attemptsRemaining == sent.attemptsRemaining)
        #expect(dropped.delivery.isAccepted)
        #expect(Self.shape(dropped.delivery.messageID) == Self.shape(sent.delivery.messageID))
        #expect(Self.shape(dropped.requestID) == Self.shape(sent.requestID))
        #expect(dropped.delivery.messageID != sent.delivery.messageID)
        #expect(dropped.requestID != sent.requestID)
    }

    @Test func laterCallsTreatADroppedSendLikeARealOne() async throws {
        let benches = try Self.benches(Self.receipt)
        var results: [[String]] = []
        for bench in [benches.dropping, benches.sending] {
            #expect(await bench.issue(Fixture.otherNumber) == nil)
            let token = try await bench.otp.issue(for: Fixture.number, purpose: .registration).token
            var codes: [String] = []
            // The cooldown of the number holds.
            let refusal = await bench.issue()
            codes.append("\(refusal?.code as Any)")
            for number in 0..<6 {
                let code = "00000\(number)"
                // The right code has a probability of 1e-6 for each attempt.
                let error = await bench.fixture.verify(code, token: token)
                codes.append("\(error?.code as Any) \(error?.attemptsRemaining as Any)")
            }
            let status = try? await bench.otp.status(for: Fixture.number, token: token)
            codes.append("\(status?.attemptsRemaining as Any) \(status?.sendCount as Any)")
            results.append(codes)
        }
        #expect(results[0] == results[1])
        #expect(benches.dropping.sms.messages.count == 1)
    }

    @Test func resendOfADroppedSendIsReal() async throws {
        let bench = try GuardBench(
            policy: {
                $0[.init(.unverified, .source)]?.mode = .shadow
                $0[.init(.unverified, .source)]?.threshold = .bucket(
                    .init(capacity: 1, checkedCapacity: 1, pause: 900, credit: 2)
                )
            }
        )
        #expect(await bench.issue(Fixture.otherNumber) == nil)
        let client = GuardBench.client()
        let token = try await bench.otp.issue(for: Fixture.number, purpose: .registration, client: client).token
        #expect(bench.sms.lastCode(to: Fixture.number) == nil)
        bench.fixture.clock.advance(by: .seconds(60))
        let other = GuardBench.client(1)
        _ = try await bench.otp.resend(for: Fixture.number, token: token, purpose: .registration, client: other)
        let code = try #require(bench.sms.lastCode(to: Fixture.number))
        #expect(await bench.fixture.verify(code, token: token) == nil)
    }

    @Test func droppedSendIsAcceptedBeforeTheFirstRealOne() async throws {
        let bench = try GuardBench(budget: 0, policy: { $0[.init(.messages, .service)]?.mode = .shadow })
        let challenge = try await bench.otp.issueTokenless(for: Fixture.number, purpose: .signIn)
        #expect(challenge.delivery.isAccepted && challenge.delivery.messageID?.isEmpty == false)
        #expect(bench.sms.messages.isEmpty)
        #expect(bench.ledger.calls == [.reserve])
    }
}
