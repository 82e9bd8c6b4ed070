import Hiredis
import MovableClock
import OTP
import PrivateRedis
import Testing

/// The rows of the table of failures in `Docs/Failures.md` that are about the server's clock.
@Suite struct FailureTableClockTests {
    private static let hour = Duration.seconds(3_600)

    @Test func clockThatJumpsForward() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            try clock.advance(by: Self.hour)
            // Codes and proofs end early, and windows are over.
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            #expect(await bench.failureOfIssue(to: held.fresh.number) == nil)
            let next = try await bench.issue()
            #expect(await bench.failureOfVerify(next) == nil)
            #expect(await bench.failureOfVerify(next)?.code == .expired)
        }
    }

    @Test func clockThatIsSetBackALittle() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            for _ in 0..<3 {
                #expect(await bench.failureOfVerify(held.guessed, code: held.guessed.wrongCode)?.code == .incorrectCode)
            }
            try clock.advance(by: .seconds(-50))
            // Nothing is forgotten: attempts go on being counted where they were, and a number has had its message.
            for _ in 0..<2 {
                #expect(await bench.failureOfVerify(held.guessed, code: held.guessed.wrongCode)?.code == .incorrectCode)
            }
            #expect(await bench.failureOfVerify(held.guessed)?.code == .attemptsExhausted)
            let refusal = await bench.failureOfIssue(to: held.fresh.number)
            #expect(refusal?.code == .rateLimited)
            let wait = try #require(refusal?.retryAfter)
            #expect(wait > .seconds(60) && wait <= .seconds(110), "\(wait)")
            #expect(await bench.failureOfVerify(held.fresh) == nil)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
        }
    }

    @Test func clockThatJumpsBack() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            try clock.advance(by: .zero - Self.hour)
            // A code would live longer than any may, so it does not; and nobody is shut out by times to come.
            #expect(await bench.resend(held.guessed)?.code == .expired)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.failureOfIssue(to: held.fresh.number) == nil)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
            let next = try await bench.issue()
            #expect(await bench.failureOfVerify(next) == nil)
            #expect(await bench.failureOfVerify(next)?.code == .expired)
            // Nor do the code and the proof that were tried come alive when the clock gets to their time.
            try clock.advance(by: Self.hour)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            #expect(await bench.redeem(held.proof)?.code == .invalidProof)
        }
    }

    @Test func clockThatJumpsForwardAndIsPutRight() async throws {
        try await Self.withClock { clock, bench in
            let held = try await bench.prepare()
            let year = Duration.seconds(365 * 86_400)
            try clock.advance(by: year)
            let during = try await bench.issue()
            #expect(await bench.failureOfVerify(during, code: during.wrongCode)?.code == .incorrectCode)
            try clock.advance(by: .zero - year)
            // What ended in the jump does not come back to lifetime, for Redis may have deleted it already.
            let revived = await bench.failureOfVerify(held.fresh)
            #expect(revived == nil || revived?.code == .expired)
            #expect(await bench.failureOfVerify(held.fresh)?.code == .expired)
            // What was issued by the wrong time is no more, and its number is not shut out for a year.
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
