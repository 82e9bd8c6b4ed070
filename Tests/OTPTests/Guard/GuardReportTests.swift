// SPDX-License-Identifier: Apache-2.0

import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of the outcomes that reach the guard in the background.
@Suite(.timeLimit(.minutes(1))) struct GuardReportTests {
    @Test func verifiedCodeIsRecordedWithTheSourceOfTheCall() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        let phone = GuardBench.client(7)
        _ = try await bench.otp.verify(
            code,
            for: Fixture.number,
            token: token,
            purpose: .registration,
            client: phone
        )
        #expect(try await bench.record(.service)?.sent == 1)
        #expect(try await bench.record(.block)?.unverified.level == 0)
        #expect(try await bench.record(.block)?.verified == 1)
        #expect(try await bench.record(.source, of: phone)?.verified == 1)
        #expect(try await bench.record(.source)?.verified == 0)
    }

    @Test func wrongCodeIsRecordedWithTheSourceOfTheCall() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        let guesser = GuardBench.client(9)
        await #expect(throws: OTPError.self) {
            try await bench.otp.verify(
                wrong(code),
                for: Fixture.number,
                token: token,
                purpose: .registration,
                client: guesser
            )
        }
        #expect(try await bench.record(.purpose)?.failures.level == 2)
        #expect(try await bench.record(.source, of: guesser)?.failures.level == 2)
        #expect(try await bench.record(.source)?.failures.level == 0)
    }

    @Test func tokenlessCallsAreRecorded() async throws {
        let bench = try GuardBench()
        _ = try await bench.otp.issueTokenless(for: Fixture.number, purpose: .registration)
        let code = try #require(bench.sms.lastCode(to: Fixture.number))
        for attempt in [wrong(code), code] {
            _ = try? await bench.otp.verifyTokenless(attempt, for: Fixture.number, purpose: .registration)
        }
        await bench.gate.flush()
        #expect(bench.ledger.sums == [.failed: 1, .verified: 1])
    }

    @Test func attemptsThatCompareNoCodeAreNotRecorded() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        for attempt in 1...5 { #expect(await bench.fixture.verify(wrong(code, by: attempt), token: token) != nil) }
        #expect(await bench.fixture.verify(code, token: token)?.code == .attemptsExhausted)
        #expect(await bench.fixture.verify("12", token: token)?.code == .malformedCode)
        #expect(await bench.fixture.verify(code, for: Fixture.otherNumber, token: token)?.code == .expired)
        await bench.gate.flush()
        #expect(bench.ledger.sums == [.failed: 5])
    }

    @Test func verifyDoesNotWaitForTheLedger() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        bench.ledger.hold([.record])
        #expect(await bench.fixture.verify(wrong(code), token: token)?.code == .incorrectCode)
        let flush = Task { await bench.gate.flush() }
        while bench.ledger.waiting == 0 { await Task.yield() }
        #expect(await bench.fixture.verify(code, token: token) == nil)
        bench.ledger.release()
        await flush.value
        await bench.gate.flush()
        #expect(bench.ledger.sums == [.failed: 1, .verified: 1])
    }

    @Test func outcomesOfOneSubjectAreMerged() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        for attempt in 1...3 { _ = await bench.fixture.verify(wrong(code, by: attempt), token: token) }
        #expect(await bench.fixture.verify(code, token: token) == nil)
        await bench.gate.flush()
        #expect(bench.ledger.batches.map(\.count) == [2])
        #expect(bench.ledger.sums == [.failed: 3, .verified: 1])
    }

    @Test func outcomesAreDeliveredWithoutAFlush() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        #expect(await bench.fixture.verify(code, token: token) == nil)
        while bench.ledger.batches.isEmpty { await Task.yield() }
        #expect(bench.ledger.sums == [.verified: 1])
    }

    @Test func verifySucceedsWithoutTheLedger() async throws {
        let bench = try GuardBench()
        let (token, code) = try await bench.issued()
        bench.ledger.fail([.record, .release])
        #expect(await bench.fixture.verify(code, token: token) == nil)
        await bench.gate.flush()
        // A failed delivery is not repeated.
        #expect(bench.ledger.batches.count == 1)
    }

    @Test func reportsOfASlowLedgerTravelInBatches() async throws {
        let bench = try GuardBench(capacity: 1_000) { policy in
            for scope in [GuardScope.homeRegion, .tenant] { policy[.init(.unverified, scope)] = nil }
        }
        bench.ledger.hold([.record])
        let subjects = 0..<600
        await bench.fail(subjects.count)
        let flush = Task { await bench.gate.flush() }
        while bench.ledger.waiting == 0 { await Task.yield() }
        for number in subjects { await bench.fail(number) }
        #expect(bench.ledger.calls.count { $0 == .record } == 1)
        bench.ledger.release()
        await flush.value
        await bench.gate.flush()
        #expect(bench.ledger.batches.map(\.count) == [1, 512, 88])
    }

    @Test func fullBufferLosesReportsAndCountsThem() async throws {
        let metrics = TestMetrics()
        let bench = try await withMetricsFactory(metrics) { () async throws in try GuardBench(capacity: 3) }
        bench.ledger.hold([.record])
        for number in 0..<10 { await bench.fail(number) }
        bench.ledger.release()
        await bench.gate.flush()
        #expect(bench.ledger.sums == [.failed: 3])
        let lost = try metrics.expectCounter("otp.guard.lost", [("report", "failed"), ("reason", "full")])
        #expect(lost.totalValue == 7)
        // The next reports find room.
        await bench.fail(20)
        await bench.gate.flush()
        #expect(bench.ledger.sums == [.failed: 4])
    }

    @Test func failedDeliveryIsCountedAsLost() async throws {
        let metrics = TestMetrics()
        let bench = try await withMetricsFactory(metrics) { () async throws in try GuardBench() }
        bench.ledger.fail([.record])
        for number in 0..<3 { await bench.fail(number) }
        await bench.gate.flush()
        let lost = try metrics.expectCounter("otp.guard.lost", [("report", "failed"), ("reason", "failed")])
        #expect(lost.totalValue == 3)
        bench.ledger.fail([])
        await bench.fail(3)
        await bench.gate.flush()
        #expect(lost.totalValue == 3)
        #expect(bench.ledger.batches.last?.map(\.count) == [1])
    }

    @Test func flushWithoutReportsReturnsAtOnce() async throws {
        let bench = try GuardBench()
        await bench.gate.flush()
        _ = try await bench.issued()
        await bench.gate.flush()
        #expect(bench.ledger.batches.isEmpty)
    }

    @Test func flushWaitsForTheReportsInDelivery() async throws {
        let bench = try GuardBench()
        bench.ledger.hold([.record])
        await bench.fail(0)
        let flush = Task { await bench.gate.flush() }
        while bench.ledger.waiting == 0 { await Task.yield() }
        bench.ledger.release()
        await flush.value
        #expect(bench.ledger.batches.count == 1)
    }

    @Test func cancelledFlushReturns() async throws {
        let bench = try GuardBench()
        bench.ledger.hold([.record])
        await bench.fail(0)
        let flush = Task { await bench.gate.flush() }
        while bench.ledger.waiting == 0 { await Task.yield() }
        flush.cancel()
        await flush.value
        bench.ledger.release()
        await bench.gate.flush()
        #expect(bench.ledger.batches.count == 1)
    }

    @Test func guessingOneCodeOverManyNumbersClosesThePurpose() async throws {
        let bench = try GuardBench(policy: {
            $0[.init(.failures, .purpose)]?.threshold = .bucket(
                .init(capacity: 20, checkedCapacity: 20, pause: 9, weight: 2, credit: 1)
            )
        })
        for number in 0..<10 { await bench.fail(number) }
        await bench.gate.flush()
        #expect(await bench.issue(client: GuardBench.client(50))?.code == .blocked)
    }
}

extension GuardBench {
    fileprivate func issued() async throws -> (token: ChallengeToken, code: String) {
        let token = try await self.otp.issue(for: Fixture.number, purpose: .registration, client: Self.client()).token
        return (token, self.sms.lastCode(to: Fixture.number)!)
    }

    /// Issues a code to a new number from a new address, and enters a wrong code.
    fileprivate func fail(_ number: Int) async {
        let phone = Self.number(number)
        let client = Self.client(number)
        guard let challenge = try? await self.otp.issue(for: phone, purpose: .registration, client: client),
            let code = self.sms.lastCode(to: phone)
        else {
            Issue.record("no code for \(number)")
            return
        }
        _ = try? await self.otp.verify(
            wrong(code),
            for: phone,
            token: challenge.token,
            purpose: .registration,
            client: client
        )
    }
}
