// SPDX-License-Identifier: Apache-2.0

import Deadlines
import OTPTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct PromiseTests {
    private let clock = ManualClock()

    private func sleeper() async {
        while self.clock.sleeperCount == 0 { await Task.yield() }
    }

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
        async let value = promise.wait()
        await Task.yield()
        promise.fulfill(with: 7)
        #expect(await value == 7)
    }

    @Test func cancellationDeliversTheFallback() async {
        let promise = Promise<Int>()
        let task = Task { await promise.wait(ifCancelled: -1) }
        task.cancel()
        #expect(await task.value == -1)
        #expect(!promise.fulfill(with: 1))
    }

    @Test func aCancellationBeforeTheWaitDeliversTheFallback() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Promise<Int>().wait(ifCancelled: -1)
        }
        #expect(await task.value == -1)
    }

    @Test func theTimeoutDeliversTheFallback() async {
        let timers = Timers(clock: self.clock)
        let promise = Promise<Int>()
        async let value = promise.wait(atMost: .seconds(1), on: timers, otherwise: -1)
        await self.sleeper()
        self.clock.advance(by: .seconds(1))
        #expect(await value == -1)
    }

    @Test func aDeadlineEndsAnOperationThatIgnoresCancellation() async {
        let timers = Timers(clock: self.clock)
        let never = Promise<Int>()
        async let result = withDeadline(.seconds(1), on: timers) { await never.wait() }
        await self.sleeper()
        self.clock.advance(by: .seconds(1))
        #expect(await result == nil)
        never.fulfill(with: 0)
    }

    @Test func anOperationInTimeReturnsItsResult() async {
        let timers = Timers(clock: self.clock)
        let promise = Promise<Int>()
        async let result = withDeadline(.seconds(1), on: timers) { await promise.wait() }
        await self.sleeper()
        promise.fulfill(with: 3)
        #expect(await result == 3)
        #expect(await withDeadline(.zero, on: timers) { 4 } == 4)
    }

    @Test func cancellationEndsTheWaitForAnOperation() async {
        let timers = Timers(clock: self.clock)
        let never = Promise<Int>()
        let task = Task { await withDeadline(.seconds(1), on: timers) { await never.wait() } }
        await self.sleeper()
        task.cancel()
        #expect(await task.value == nil)
        never.fulfill(with: 0)
    }
}
