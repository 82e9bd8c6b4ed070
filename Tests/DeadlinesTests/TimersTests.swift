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
}
