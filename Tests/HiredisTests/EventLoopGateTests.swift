// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Hiredis

/// Tests of closures and timers that reach an event loop in an unusual order.
@Suite struct EventLoopGateTests {
    /// A counter of calls.
    private final class Count: Sendable {
        private let count = Atomic(0)

        var value: Int { self.count.load(ordering: .relaxed) }

        func add() { self.count.wrappingAdd(1, ordering: .relaxed) }
    }

    // MARK: The gate

    @Test(arguments: [1, 2, 5])
    func aClosureThatIsDroppedAfterAnotherHasRunLeavesTheEndToTheLoop(dropped: Int) {
        let loop = HeldEventLoop()
        let gate = EventLoopGate(eventLoop: loop)
        let (runs, ends) = (Count(), Count())
        gate.onEnd { ends.add() }
        for _ in 0...dropped { gate.execute { runs.add() } }
        var closures = loop.take()
        closures.removeFirst()()
        closures.removeAll()
        #expect(runs.value == 1 && ends.value == 0)
        loop.failScheduledTasks()
        #expect(ends.value == 1)
        gate.execute { runs.add() }
        #expect(loop.take().isEmpty && runs.value == 1)
    }

    @Test func aClosureThatIsDroppedFirstReportsTheEnd() {
        let loop = HeldEventLoop()
        let gate = EventLoopGate(eventLoop: loop)
        let (runs, ends) = (Count(), Count())
        gate.onEnd { ends.add() }
        gate.execute { runs.add() }
        gate.execute { runs.add() }
        var closures = loop.take()
        closures.removeFirst()
        #expect(ends.value == 1)
        // The end has already been reported, so nothing would complete the work of the other closure. The closure must not run.
        closures.removeFirst()()
        #expect(runs.value == 0 && ends.value == 1)
    }

    @Test func closuresThatWereSubmittedBeforeTheFirstRanAllRun() {
        let loop = HeldEventLoop()
        let gate = EventLoopGate(eventLoop: loop)
        let (runs, ends) = (Count(), Count())
        gate.onEnd { ends.add() }
        for _ in 0..<5 { gate.execute { runs.add() } }
        for closure in loop.take() { closure() }
        #expect(runs.value == 5 && ends.value == 0)
        gate.close()
        loop.failScheduledTasks()
        #expect(ends.value == 0)
    }

    @Test(arguments: [0, 1, 3])
    func aClosedGateReportsNoEnd(run: Int) {
        let loop = HeldEventLoop()
        let gate = EventLoopGate(eventLoop: loop)
        let (runs, ends) = (Count(), Count())
        gate.onEnd { ends.add() }
        for _ in 0...run { gate.execute { runs.add() } }
        var closures = loop.take()
        for _ in 0..<run { closures.removeFirst()() }
        gate.close()
        // Until the event loop ends, a scheduled task occupies memory of the loop.
        #expect(loop.cancellationCount == min(run, 1))
        closures.removeAll()
        loop.failScheduledTasks()
        #expect(runs.value == run && ends.value == 0)
    }

    // MARK: Deadlines

    /// A sequence of deadlines in milliseconds from now, in the order in which the event loop receives them.
    struct Requests: Sendable {
        var deadlines: [Int64]
        var order: [Int]
    }

    @Test(arguments: [
        Requests(deadlines: [3_600_000, 0], order: [0, 1]),
        Requests(deadlines: [3_600_000, 0], order: [1, 0]),
        Requests(deadlines: [3_600_000, 60_000, 0], order: [2, 0, 1]),
        Requests(deadlines: [3_600_000, 60_000, 0], order: [2, 1, 0]),
        Requests(deadlines: [3_600_000, 60_000, 0], order: [0, 2, 1]),
    ])
    func requestsInTheWrongOrderLoseNoDeadline(_ requests: Requests) {
        let loop = HeldEventLoop()
        let queue = DeadlineQueue(eventLoop: loop)
        let (early, late) = (Count(), Count())
        let now = NIODeadline.now()
        for deadline in requests.deadlines {
            _ = queue.schedule(at: now + .milliseconds(deadline)) { deadline == 0 ? early.add() : late.add() }
        }
        let closures = loop.take()
        for index in requests.order { closures[index]() }
        loop.clock.advanceTime(to: now + .milliseconds(10))
        #expect(early.value == 1 && late.value == 0)
    }

    @Test func aRequestThatArrivesAfterTheTimerWasDueLosesNoDeadline() {
        let loop = HeldEventLoop()
        let queue = DeadlineQueue(eventLoop: loop)
        let called = Count()
        let now = NIODeadline.now()
        _ = queue.schedule(at: now + .hours(1)) {}
        _ = queue.schedule(at: now) { called.add() }
        let closures = loop.take()
        closures[1]()
        loop.clock.advanceTime(to: now + .milliseconds(10))
        #expect(called.value == 1)
        _ = queue.schedule(at: now) { called.add() }
        for closure in loop.take() { closure() }
        closures[0]()
        loop.clock.advanceTime(to: now + .milliseconds(20))
        #expect(called.value == 2)
    }

    @Test func aRequestWithoutAnyDeadlineLeftSetsNoTimer() {
        let loop = HeldEventLoop()
        let queue = DeadlineQueue(eventLoop: loop)
        let called = Count()
        let now = NIODeadline.now()
        _ = queue.schedule(at: now + .nanoseconds(1)) { called.add() }
        _ = queue.schedule(at: now) { called.add() }
        let closures = loop.take()
        closures[1]()
        loop.clock.advanceTime(to: now + .milliseconds(10))
        #expect(called.value == 2)
        closures[0]()
        loop.clock.advanceTime(to: now + .hours(2))
        #expect(called.value == 2)
    }
}
