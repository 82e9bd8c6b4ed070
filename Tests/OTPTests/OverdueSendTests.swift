// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

/// Tests that an SMS client that hangs cannot fill the memory of the process.
@Suite(.timeLimit(.minutes(1))) struct OverdueSendTests {
    /// A client whose sends ignore cancellation, and return when the test releases them.
    private final class Gate: Sendable {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        let isOpen = Mutex(false)

        func pass() async {
            if self.isOpen.withLock(\.self) { return }
            await withCheckedContinuation { continuation in self.waiting.withLock { $0.append(continuation) } }
        }

        var isEmpty: Bool { self.waiting.withLock(\.isEmpty) }

        func release(_ count: Int) {
            let released = self.waiting.withLock { waiting in
                defer { waiting.removeFirst(min(count, waiting.count)) }
                return Array(waiting.prefix(count))
            }
            for continuation in released { continuation.resume() }
        }
    }

    private final class Counter: Sendable {
        let value = Mutex(0)
    }

    private let gate = Gate()

    private func fixture(maximum: Int, pending: Int = 10_000) throws -> Fixture {
        let gate = self.gate
        return try Fixture(policy: {
            $0.maximumOverdueSends = maximum
            $0.maximumPendingSends = pending
        }) { _ in
            await gate.pass()
            return .accepted(SMSReceipt(messageID: "late"))
        }
    }

    private func number(_ number: Int) -> PhoneNumber { PhoneNumber(e164: "+6591230\(100 + number)")! }

    private func issue(_ fixture: Fixture, _ number: Int) async -> Result<Challenge, OTPError> {
        do throws(OTPError) {
            return .success(try await fixture.otp.issue(for: self.number(number), purpose: .registration))
        } catch {
            return .failure(error)
        }
    }

    /// Issues codes to several numbers in turn, and exceeds the deadline of each send.
    private func hang(_ fixture: Fixture, _ numbers: Range<Int>) async throws -> [Result<Challenge, OTPError>] {
        var results: [Result<Challenge, OTPError>] = []
        for number in numbers {
            async let result = self.issue(fixture, number)
            try await fixture.clock.waitForSleepers(1)
            fixture.clock.advanceToNextSleeper()
            results.append(await result)
        }
        return results
    }

    /// Issues a code to a number in a new task, and increments a counter when the task ends.
    private func task(_ fixture: Fixture, _ number: Int, _ ended: Counter) -> Task<Result<Challenge, OTPError>, Never> {
        Task {
            let result = await self.issue(fixture, number)
            ended.value.withLock { $0 += 1 }
            return result
        }
    }

    private func expectRefusal(_ result: Result<Challenge, OTPError>) {
        guard case .failure(let error) = result else {
            Issue.record("a message was sent")
            return
        }
        #expect(error.code == .deliveryFailed)
        #expect(error.delivery?.code == "overdueSends")
        #expect(error.delivery?.kind == .transient)
        #expect(error.description.contains("3 earlier sends have not returned"))
    }

    @Test func sendsAreRefusedWhileTooManyHang() async throws {
        let fixture = try self.fixture(maximum: 3)
        for result in try await self.hang(fixture, 0..<3) { #expect(try result.get().delivery == .unknown) }
        for _ in 0..<20 { self.expectRefusal(await self.issue(fixture, 3)) }
        // The message was neither sent nor counted.
        #expect(fixture.sms.messages.count == 3)
        #expect(fixture.store.entryCount.numbers == 3)
        self.gate.isOpen.withLock { $0 = true }
        self.gate.release(1)
        while case .failure(let error) = await self.issue(fixture, 3) {
            #expect(error.code == .deliveryFailed)
            await Task.yield()
        }
        #expect(fixture.sms.messages.count == 4)
        self.gate.release(2)
    }

    @Test(arguments: [1, 5, 40])
    func sendsInProgressAreLimitedBeforeAnyIsOverdue(pending: Int) async throws {
        let fixture = try self.fixture(maximum: 1, pending: pending)
        let refused = Counter()
        let results = await withTaskGroup(of: (Int, Result<Challenge, OTPError>).self) { group in
            for number in 0..<50 {
                group.addTask {
                    let result = await self.issue(fixture, number)
                    if case .failure = result { refused.value.withLock { $0 += 1 } }
                    return (number, result)
                }
            }
            while refused.value.withLock(\.self) < 50 - pending || fixture.sms.messages.count < pending {
                await Task.yield()
            }
            // The messages were neither sent nor counted.
            #expect(fixture.store.entryCount.numbers == pending)
            self.gate.isOpen.withLock { $0 = true }
            while !self.gate.isEmpty { self.gate.release(1) }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for case .failure(let error) in results.values {
            #expect(error.code == .deliveryFailed)
            #expect(error.delivery?.code == "pendingSends")
            #expect(error.delivery?.kind == .transient)
            #expect(error.description.contains("\(pending) sends are in progress"))
        }
        #expect(fixture.sms.messages.count == pending)
        // The clients have returned, and the refused numbers have no cooldown.
        for (number, result) in results {
            if case .failure = result { _ = try await self.issue(fixture, number).get() }
        }
        #expect(fixture.sms.messages.count == 50)
    }

    @Test func sendsThatBecomeOverdueStayLimited() async throws {
        let fixture = try self.fixture(maximum: 3, pending: 5)
        let ended = Counter()
        let early = (0..<5).map { number in self.task(fixture, number, ended) }
        while fixture.sms.messages.count < 5 { await Task.yield() }
        let error = await #expect(throws: OTPError.self) { try await self.issue(fixture, 6).get() }
        #expect(error?.delivery?.code == "pendingSends")
        while ended.value.withLock(\.self) < 5 {
            fixture.clock.advance(by: .seconds(11))
            await Task.yield()
        }
        for task in early { #expect(try await task.value.get().delivery == .unknown) }
        self.expectRefusal(await self.issue(fixture, 6))
        #expect(fixture.sms.messages.count == 5)
        self.gate.isOpen.withLock { $0 = true }
        self.gate.release(5)
        while case .failure = await self.issue(fixture, 6) { await Task.yield() }
    }

    @Test(arguments: [1, 2])
    func overdueSendsCountAmongThePendingOnes(overdue: Int) async throws {
        let fixture = try self.fixture(maximum: 3, pending: 5)
        for result in try await self.hang(fixture, 0..<overdue) { #expect(try result.get().delivery == .unknown) }
        let ended = Counter()
        let others = (overdue..<5).map { number in self.task(fixture, number, ended) }
        while fixture.sms.messages.count < 5 { await Task.yield() }
        let surplus = self.task(fixture, 5, ended)
        while ended.value.withLock(\.self) == 0, fixture.sms.messages.count == 5 { await Task.yield() }
        #expect(fixture.sms.messages.count == 5)
        self.gate.isOpen.withLock { $0 = true }
        while ended.value.withLock(\.self) <= others.count {
            self.gate.release(6)
            await Task.yield()
        }
        for send in others { _ = try await send.value.get() }
        let error = await #expect(throws: OTPError.self) { try await surplus.value.get() }
        #expect(error?.delivery?.code == "pendingSends")
        _ = try await self.issue(fixture, 5).get()
    }

    @Test func sendThatFailsBeforeTheClientIsCalledIsNotPending() async throws {
        let fixture = try self.fixture(maximum: 1, pending: 1)
        self.gate.isOpen.withLock { $0 = true }
        let (token, _) = try await fixture.issue(for: self.number(0))
        for _ in 0..<3 {
            guard case .failure(let error) = await self.issue(fixture, 0) else { throw OTPError(.expired, "sent") }
            #expect(error.code == .rateLimited)
            let resent = await #expect(throws: OTPError.self) {
                try await fixture.otp.resend(for: self.number(1), token: token, purpose: .registration)
            }
            #expect(resent?.code == .expired)
        }
        _ = try await self.issue(fixture, 2).get()
    }

    @Test func resendIsRefusedToo() async throws {
        let fixture = try self.fixture(maximum: 3)
        let challenges = try await self.hang(fixture, 0..<3).map { try $0.get() }
        fixture.clock.advance(by: .seconds(60))
        let error = await #expect(throws: OTPError.self) {
            try await fixture.otp.resend(for: self.number(0), token: challenges[0].token, purpose: .registration)
        }
        self.expectRefusal(.failure(try #require(error)))
        #expect(fixture.sms.messages.count == 3)
        self.gate.release(3)
    }

    @Test func codesOfOverdueSendsStillVerify() async throws {
        let fixture = try self.fixture(maximum: 1)
        let challenge = try #require(try await self.hang(fixture, 0..<1).first).get()
        let code = try #require(fixture.sms.lastCode(to: self.number(0)))
        let token = challenge.token
        #expect(await fixture.verify(code, for: self.number(0), token: token) == nil)
        self.gate.release(1)
    }

    @Test func sendsThatReturnInTimeAreNotCounted() async throws {
        let fixture = try self.fixture(maximum: 1)
        self.gate.isOpen.withLock { $0 = true }
        for number in 0..<10 { _ = try await self.issue(fixture, number).get() }
        #expect(fixture.sms.messages.count == 10)
    }

    @Test func overdueSendsAreCountedAndLogged() async throws {
        let metrics = TestMetrics()
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        try await withLogger(logger) { _ in
            try await withMetricsFactory(metrics) {
                let fixture = try self.fixture(maximum: 2)
                _ = try await self.hang(fixture, 0..<2)
                for _ in 0..<5 { _ = await self.issue(fixture, 3) }
                let gauge = try metrics.expectGauge("otp.sends.overdue")
                #expect(gauge.lastValue == 2)
                self.gate.release(2)
                while gauge.values.count < 4 { await Task.yield() }
                #expect(gauge.values.min() == 0)
            }
        }
        let errors = handler.entries.filter { $0.level == .error }
        #expect(errors.map { "\($0.message)" } == ["SMS client hangs, sends are refused"])
    }

    @Test(arguments: [0, -1, 100_001]) func limitOutOfRangeIsRefused(maximum: Int) {
        let error = #expect(throws: OTPConfigurationError.self) { try self.fixture(maximum: maximum) }
        #expect(error?.setting == "maximumOverdueSends")
    }

    @Test(arguments: [0, -1, 2, 1_000_001]) func limitOfPendingSendsOutOfRangeIsRefused(pending: Int) {
        let error = #expect(throws: OTPConfigurationError.self) { try self.fixture(maximum: 3, pending: pending) }
        #expect(error?.setting == "maximumPendingSends")
    }
}
