// SPDX-License-Identifier: Apache-2.0

import Deadlines
import OTPTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct TimersTests {
    private final class Calls: Sendable {
        private let calls = Mutex<[String]>([])
        var all: [String] { self.calls.withLock { $0 } }
        func note(_ call: String) { self.calls.withLock { $0.append(call) } }

        func wait(for count: Int) async {
            while self.all.count < count { await Task.yield() }
        }
    }

    private let clock = ManualClock()
    private let calls = Calls()

    private func sleeper() async {
        while self.clock.sleeperCount == 0 { await Task.yield() }
    }

    @Test func timersFireInTheOrderOfTheirDeadlines() async {
        let timers = Timers(clock: self.clock)
        let calls = self.calls
        for (name, seconds) in [("c", 3), ("a", 1), ("b", 2)] {
            _ = timers.set(after: .seconds(seconds)) { calls.note(name) }
        }
        await self.sleeper()
        self.clock.advance(by: .seconds(2))
        await calls.wait(for: 2)
        #expect(calls.all == ["a", "b"])
        await self.sleeper()
        self.clock.advance(by: .seconds(1))
        await calls.wait(for: 3)
        #expect(calls.all == ["a", "b", "c"])
    }

    @Test func anEarlierTimerShortensTheSleep() async {
        let timers = Timers(clock: self.clock)
        let calls = self.calls
        _ = timers.set(after: .seconds(60)) { calls.note("late") }
        await self.sleeper()
        _ = timers.set(after: .seconds(1)) { calls.note("early") }
        self.clock.advance(by: .seconds(1))
        await calls.wait(for: 1)
        #expect(calls.all == ["early"])
    }

    @Test func aCancelledTimerDoesNotFire() async {
        let timers = Timers(clock: self.clock)
        let calls = self.calls
        let first = timers.set(after: .seconds(1)) { calls.note("cancelled") }
        _ = timers.set(after: .seconds(2)) { calls.note("kept") }
        timers.cancel(first)
        timers.cancel(first)
        await self.sleeper()
        self.clock.advance(by: .seconds(2))
        await calls.wait(for: 1)
        #expect(calls.all == ["kept"])
    }

    @Test func aCancelledTimerReleasesItsClosure() {
        final class Held: Sendable {}
        let timers = Timers(clock: self.clock)
        var held: Held? = Held()
        weak let weakHeld = held
        let timer = timers.set(after: .seconds(1)) { [held] in _ = held }
        held = nil
        #expect(weakHeld != nil)
        timers.cancel(timer)
        #expect(weakHeld == nil)
    }

    // MARK: One sleeper

    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func laterTimersShareTheSleeperOfTheFirst() async {
        let clock = SleepRecorder()
        let timers = Timers(clock: clock)
        let calls = self.calls
        for seconds in 1...100 { _ = timers.set(after: .seconds(seconds)) { calls.note("\(seconds)") } }
        await self.until { clock.started > 0 }
        clock.advance(by: .seconds(100))
        await calls.wait(for: 100)
        // When one more timer has fired, any other task that was created has started as well.
        _ = timers.set(after: .seconds(1)) { calls.note("last") }
        await self.until { clock.started > 1 }
        clock.advance(by: .seconds(1))
        await calls.wait(for: 101)
        #expect(clock.started == 2)
    }

    @Test func earlierTimersReplaceTheSleeper() async {
        let clock = SleepRecorder()
        let timers = Timers(clock: clock)
        let calls = self.calls
        for seconds in (1...100).reversed() { _ = timers.set(after: .seconds(seconds)) { calls.note("\(seconds)") } }
        await self.until { clock.started == 100 }
        await self.until { clock.active == 1 }
        clock.advance(by: .seconds(1))
        await calls.wait(for: 1)
        #expect(calls.all == ["1"])
    }

    @Test func aSleeperThatWasReplacedTooLateLeavesTheNewOne() async {
        let clock = SleepRecorder()
        let timers = Timers(clock: clock)
        let calls = self.calls
        let gate = clock.holdNext()
        _ = timers.set(after: .seconds(60)) { calls.note("late") }
        await self.until { clock.started == 1 }
        _ = timers.set(after: .seconds(1)) { calls.note("early") }
        await self.until { clock.started == 2 }
        // The first sleeper was cancelled, but still wakes at its deadline, before the second sleeper wakes.
        clock.setNow(.seconds(60))
        gate.fulfill(with: ())
        await calls.wait(for: 2)
        _ = timers.set(after: .seconds(100)) { calls.note("last") }
        // If there were a third sleeper, it would start before this task.
        await Task.detached {}.value
        #expect(clock.started == 2)
        clock.setNow(nil)
        clock.advance(by: .seconds(200))
        await calls.wait(for: 3)
        #expect(calls.all == ["early", "late", "last"])
    }
}
