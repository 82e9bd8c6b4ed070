// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import OTP
import OTPRedis
import PrivateRedis
import Testing

/// Tests of the faults in `Docs/Clock.md` about the server's clock.
@Suite struct FailureTableClockTests {
    private static let hour = Duration.seconds(3_600)

    @Test func clockJumpsForward() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            try clock.advance(by: Self.hour)
            // After a jump forward, codes, proofs and windows end early.
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            #expect(await bench.failureOfIssue(to: held.fresh.number) == nil)
            let next = try await bench.issue()
            #expect(await bench.failureOfVerify(next) == nil)
            #expect(await bench.failureOfVerify(next)?.code == .expired)
        }
    }

    @Test func clockIsSetBackALittle() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            for _ in 0..<3 {
                #expect(
                    await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode)?.code == .incorrectCode
                )
            }
            try clock.advance(by: .seconds(-30))
            #expect(try await bench.store.checkClock() == .initial)
            // No history is lost. The attempts and the send are still counted.
            for _ in 0..<2 {
                #expect(
                    await bench.failureOfVerify(held.attempted, code: held.attempted.wrongCode)?.code == .incorrectCode
                )
            }
            #expect(await bench.failureOfVerify(held.attempted)?.code == .attemptsExhausted)
            let refusal = await bench.failureOfIssue(to: held.fresh.number)
            #expect(refusal?.code == .rateLimited)
            let wait = try #require(refusal?.retryAfter)
            #expect(wait > .seconds(60) && wait <= .seconds(90), "\(wait)")
            #expect(await bench.failureOfVerify(held.fresh) == nil)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
        }
    }

    @Test func clockJumpsBack() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            try clock.advance(by: .zero - Self.hour)
            // The remaining lifetime would exceed the maximum, so the code is rejected. Future timestamps do not lock a number.
            #expect(await bench.resend(held.attempted)?.code == .expired)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.failureOfIssue(to: held.fresh.number) == nil)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            let next = try await bench.issue()
            #expect(await bench.failureOfVerify(next) == nil)
            #expect(await bench.failureOfVerify(next)?.code == .expired)
            // A code and a proof that were tried after the jump stay invalid when the clock reaches their lifetime again.
            try clock.advance(by: Self.hour)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
        }
    }

    /// If the clock is checked before it catches up, even unused codes and proofs must become invalid.
    @Test func clockJumpsBackAndCatchesUp() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            try clock.advance(by: .zero - Self.hour)
            #expect(try await bench.store.checkClock() != .initial)
            let next = try await bench.issue()
            try clock.advance(by: Self.hour)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.resend(held.attempted)?.code == .expired)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            #expect(await bench.failureOfVerify(next)?.code == .expired)
            let last = try await bench.issue()
            #expect(await bench.failureOfVerify(last) == nil)
        }
    }

    @Test func clockJumpsForwardAndIsCorrected() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            let year = Duration.seconds(365 * 86_400)
            try clock.advance(by: year)
            let during = try await bench.issue()
            #expect(await bench.failureOfVerify(during, code: during.wrongCode)?.code == .incorrectCode)
            try clock.advance(by: .zero - year)
            // Redis may have deleted a code that expired during the jump.
            let revived = await bench.failureOfVerify(held.fresh)
            #expect(revived == nil || revived?.code == .expired)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            // The code from the wrong time is rejected, and its timestamps do not lock the number for a year.
            #expect(await bench.failureOfVerify(during)?.code == .expired)
            #expect(await bench.failureOfIssue(to: during.number) == nil)
            #expect(await bench.failureOfIssue(to: during.number)?.code == .rateLimited)
        }
    }

    private static func withClock(_ body: (MovableClock, FaultBench) async throws -> Void) async throws {
        let clock = try await MovableClock()
        try await withPrivateRedis(environment: clock.environment) { server in
            try await FaultBench.with(RedisConfiguration(url: server.url)) { bench in try await body(clock, bench) }
        }
    }
}
