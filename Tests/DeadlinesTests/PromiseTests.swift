// SPDX-License-Identifier: Apache-2.0

import Deadlines
import OTPTesting
import Testing

/// Tests of promises.
///
/// The waiting tasks are created with `Task.immediate`, so a task waits as soon as it is created.
@Suite(.timeLimit(.minutes(1))) struct PromiseTests {
    private let clock = ManualClock()

    @Test func theFirstDeliveryCounts() async {
        let promise = Promise<Int>()
        #expect(promise.value == nil)
        #expect(promise.fulfill(with: 1))
        #expect(!promise.fulfill(with: 2))
        #expect(promise.value == 1)
        #expect(await promise.wait() == 1)
    }

    @Test func aDeliveryResumesTheTaskThatWaits() async {
        let promise = Promise<Int>()
        let task = Task.immediate { await promise.wait() }
        #expect(promise.value == nil)
        #expect(promise.fulfill(with: 7))
        #expect(await task.value == 7)
    }

    @Test func cancellationDuringTheWaitDeliversTheFallback() async {
        let promise = Promise<Int>()
        let task = Task.immediate { await promise.wait(ifCancelled: -1) }
        #expect(promise.value == nil)
        task.cancel()
        #expect(await task.value == -1)
        #expect(!promise.fulfill(with: 1))
    }

    @Test func cancellationBeforeTheWaitDeliversTheFallback() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Promise<Int>().wait(ifCancelled: -1)
        }
        #expect(await task.value == -1)
    }

    @Test func cancellationDoesNotEndAWaitWithoutAFallback() async {
        let promise = Promise<Int>()
        let task = Task.immediate { await promise.wait() }
        task.cancel()
        #expect(promise.value == nil)
        #expect(promise.fulfill(with: 7))
        #expect(await task.value == 7)
    }

    @Test func theTimeoutDeliversTheFallback() async throws {
        let timers = Timers(clock: self.clock)
        let promise = Promise<Int>()
        let task = Task.immediate { await promise.wait(atMost: .seconds(1), on: timers, otherwise: -1) }
        try await self.clock.waitForSleepers(1)
        #expect(promise.value == nil)
        self.clock.advance(by: .seconds(1))
        #expect(await task.value == -1)
    }

    @Test func aDeliveryBeforeTheTimeoutCounts() async throws {
        let timers = Timers(clock: self.clock)
        let promise = Promise<Int>()
        let task = Task.immediate { await promise.wait(atMost: .seconds(1), on: timers, otherwise: -1) }
        try await self.clock.waitForSleepers(1)
        #expect(promise.fulfill(with: 7))
        self.clock.advance(by: .seconds(1))
        #expect(await task.value == 7)
    }

    @Test func aDeadlineEndsAnOperationThatIgnoresCancellation() async throws {
        let timers = Timers(clock: self.clock)
        let never = Promise<Int>()
        let task = Task.immediate { await withDeadline(.seconds(1), on: timers) { await never.wait() } }
        try await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(1))
        #expect(await task.value == nil)
        never.fulfill(with: 0)
    }

    @Test func anOperationInTimeReturnsItsResult() async throws {
        let timers = Timers(clock: self.clock)
        let promise = Promise<Int>()
        let task = Task.immediate { await withDeadline(.seconds(1), on: timers) { await promise.wait() } }
        try await self.clock.waitForSleepers(1)
        promise.fulfill(with: 3)
        #expect(await task.value == 3)
    }

    @Test func anOperationThatNeverSuspendsNeedsNoTimer() async {
        let clock = SleepRecorder()
        #expect(await withDeadline(.zero, on: Timers(clock: clock)) { 4 } == 4)
        #expect(clock.started == 0)
    }

    @Test func cancellationEndsTheWaitForAnOperation() async throws {
        let timers = Timers(clock: self.clock)
        let never = Promise<Int>()
        let task = Task.immediate { await withDeadline(.seconds(1), on: timers) { await never.wait() } }
        try await self.clock.waitForSleepers(1)
        task.cancel()
        #expect(await task.value == nil)
        never.fulfill(with: 0)
    }
}
