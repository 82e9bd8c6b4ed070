// SPDX-License-Identifier: Apache-2.0

import MovableClock
import Testing

/// Tests that `otp clock` shows a jump of the server's clock, and can end the refusal of proofs after it.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ClockTests {
    private struct Document: Decodable {
        var wasSetBack: Bool
        var refusesProofs: Bool
        var refusesProofsUntil: String?
    }

    @Test func showsAJumpAndAcceptsProofsOnRequest() async throws {
        try await Demo.run { demo, clock in
            _ = try await demo.issue(FlowTests.number)
            #expect(try await demo.otp("clock").output.contains("no jump back was found"))
            try clock.advance(by: .seconds(-3_600))
            _ = try await demo.issue(FlowTests.number)
            let text = try await demo.otp("clock")
            #expect(
                text.status == 0 && text.output.contains("proofs from other services are refused until 20"),
                "\(text)"
            )
            let document = try await demo.otp("clock", "--json").json(Document.self)
            #expect(document.wasSetBack && document.refusesProofs && document.refusesProofsUntil != nil)
            let accepting = try await demo.otp("clock", "--accept-proofs", "--json").json(Document.self)
            #expect(accepting.wasSetBack && !accepting.refusesProofs && accepting.refusesProofsUntil == nil)
            #expect(try await demo.otp("clock").output.contains("proofs from other services are accepted"))
            let dead = try await demo.otp("clock", changing: ["OTP_REDIS_URL": "redis://127.0.0.1:1"])
            #expect(dead.status == 69, "\(dead)")
        }
    }
}
