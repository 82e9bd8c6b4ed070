// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of calls whose task is cancelled before or during the step of the store.
@Suite struct CancellationTests {
    /// Makes a call in a task that is already cancelled, and returns its error.
    private static func cancelled<Result: Sendable>(
        _ call: @escaping @Sendable () async throws(OTPError) -> Result
    ) async -> OTPError? {
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.failure(call)
        }
        .value
    }

    private static func failure<Result: Sendable>(
        _ call: @Sendable () async throws(OTPError) -> Result
    ) async -> OTPError? {
        do throws(OTPError) {
            _ = try await call()
            return nil
        } catch {
            return error
        }
    }

    @Test func callOfACancelledTaskChangesNothing() async throws {
        let fixture = try Fixture()
        let otp = fixture.otp
        let (token, code) = try await fixture.issue()
        let other = try await fixture.issue(for: Fixture.otherNumber)
        let proof = try await otp.verify(
            other.code,
            for: Fixture.otherNumber,
            token: other.token,
            purpose: .registration
        )
        fixture.clock.advance(by: .seconds(60))
        let number = Fixture.number
        let errors = [
            await Self.cancelled { () async throws(OTPError) in
                try await otp.verify(code, for: number, token: token, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in
                try await otp.verify(wrong(code), for: number, token: token, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in
                try await otp.verifyTokenless(code, for: number, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in
                try await otp.redeem(proof.token, for: Fixture.otherNumber, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in
                try await otp.resend(for: number, token: token, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in
                try await otp.issue(for: number, purpose: .registration)
            },
            await Self.cancelled { () async throws(OTPError) in try await otp.status(for: number, token: token) },
            await Self.cancelled { () async throws(OTPError) in try await otp.cancel(for: number, token: token) },
            await Self.cancelled { () async throws(OTPError) in try await otp.unlock(for: number) },
        ]
        #expect(errors.map { $0?.code } == Array(repeating: .cancelled, count: errors.count))
        #expect(fixture.sms.messages.count == 2)
        #expect(try await otp.status(for: number, token: token).attemptsRemaining == 5)
        #expect(await fixture.verify(code, token: token) == nil)
        try await otp.redeem(proof.token, for: Fixture.otherNumber, purpose: .registration)
    }

    @Test func rightCodeOfATaskThatIsCancelledDuringTheStepIsProved() async throws {
        let (reached, reach) = AsyncStream<Void>.makeStream()
        let (released, release) = AsyncStream<Void>.makeStream()
        let fixture = try Fixture()
        let (token, code) = try await fixture.issue()
        let otp = try Fixture.service(
            on: SteppedStore(base: fixture.store) {
                reach.finish()
                // A detached task does not inherit the cancellation, which would end the wait.
                await Task.detached { for await _ in released {} }.value
            }
        )
        let caller = Task {
            try await otp.verify(code, for: Fixture.number, token: token, purpose: .registration)
        }
        for await _ in reached {}
        caller.cancel()
        release.finish()
        let proof = try await caller.value
        #expect(proof.phoneNumber == Fixture.number)
        #expect(await fixture.verify(code, token: token)?.code == .expired)
    }

    @Test func cancelledStepIsNeitherAnOutageNorAnError() async throws {
        let metrics = TestMetrics()
        let (error, entries) = try await self.errorOfVerify(by: CancellationError(), metrics)
        #expect(error?.code == .cancelled)
        #expect(error?.cause is CancellationError)
        #expect(error?.httpStatus == 503)
        #expect(entries.allSatisfy { $0.level == .debug })
        #expect(entries.map { "\($0.message)" } == ["Store step cancelled", "otp.verify"])
        #expect(entries.last?.metadata["otp.outcome"] == "cancelled")
        let outcome = [("purpose", "registration"), ("outcome", "cancelled"), ("lane", "open")]
        #expect(try metrics.expectCounter("otp.verify", outcome).totalValue == 1)
    }

    @Test func outageIsReportedEvenIfTheCallerIsCancelledMeanwhile() async throws {
        let metrics = TestMetrics()
        let (error, entries) = try await self.errorOfVerify(by: BrokenStore.Gone(), metrics)
        #expect(error?.code == .storeUnavailable)
        #expect(entries.filter { $0.level == .error }.map { "\($0.message)" } == ["Store step failed"])
        let outcome = [("purpose", "registration"), ("outcome", "storeUnavailable"), ("lane", "open")]
        #expect(try metrics.expectCounter("otp.verify", outcome).totalValue == 1)
    }

    /// Verifies a code with a store that throws an error after the caller is cancelled.
    private func errorOfVerify(
        by error: any Error,
        _ metrics: TestMetrics
    ) async throws -> (OTPError?, [InMemoryLogHandler.Entry]) {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .debug
        let result = try await withLogger(logger) { _ in
            try await withMetricsFactory(metrics) {
                let fixture = try Fixture()
                let (token, _) = try await fixture.issue()
                handler.clear()
                let otp = try Fixture.service(
                    on: SteppedStore(base: fixture.store) {
                        withUnsafeCurrentTask { $0?.cancel() }
                        throw error
                    }
                )
                return await Task {
                    await Self.failure { () async throws(OTPError) in
                        try await otp.verify("123456", for: Fixture.number, token: token, purpose: .registration)
                    }
                }
                .value
            }
        }
        return (result, handler.entries)
    }
}

/// A store that runs a closure before each verification.
private struct SteppedStore: ForwardingStore {
    let base: InMemoryOTPStore
    let step: @Sendable () async throws -> Void

    func verify(
        _ attempt: Attempt,
        of challenge: ChallengeReference,
        for number: PhoneNumberIndexes,
        limits: StoreLimits
    ) async throws -> VerifyDecision {
        try await self.step()
        return try await self.base.verify(attempt, of: challenge, for: number, limits: limits)
    }
}
