// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Synchronization
import Testing

@testable import OTP

/// Tests that each report is delivered once, and that a flush waits for all earlier reports.
@Suite(.timeLimit(.minutes(1))) struct BackgroundDeliveryTests {
    /// A receiver of reports, which a test can block.
    private final class Receiver: Sendable {
        private struct State {
            var batches: [[Int]] = []
            var concurrent = 0
            var mostConcurrent = 0
            var gates: [Promise<Void>] = []
        }

        private let state = Mutex(State())

        var batches: [[Int]] { self.state.withLock(\.batches) }
        var reports: [Int] { self.batches.flatMap(\.self) }
        var mostConcurrent: Int { self.state.withLock(\.mostConcurrent) }

        /// Blocks the next delivery until the test fulfills the promise.
        func hold() -> Promise<Void> {
            let gate = Promise<Void>()
            self.state.withLock { $0.gates.append(gate) }
            return gate
        }

        func receive(_ batch: ArraySlice<Int>) async {
            let gate = self.state.withLock { state -> Promise<Void>? in
                state.batches.append(Array(batch))
                state.concurrent += 1
                state.mostConcurrent = max(state.mostConcurrent, state.concurrent)
                return state.gates.isEmpty ? nil : state.gates.removeFirst()
            }
            await gate?.wait()
            self.state.withLock { $0.concurrent -= 1 }
        }
    }

    private let receiver = Receiver()

    private func delivery(
        capacity: Int = 100_000,
        batchSize: Int = 8,
        pace: BackgroundDelivery<[Int]>.Pace? = nil
    ) -> BackgroundDelivery<[Int]> {
        BackgroundDelivery([], capacity: capacity, batchSize: batchSize, pace: pace) { [receiver] batch in
            await receiver.receive(batch)
        }
    }

    private static func add(_ reports: some Sequence<Int>, to delivery: BackgroundDelivery<[Int]>) -> [Bool] {
        reports.map { report in
            delivery.add { waiting, hasRoom in
                if hasRoom { waiting.append(report) }
                return hasRoom
            }
        }
    }

    /// An interval between deliveries that is longer than any test.
    private static let endless = Duration.seconds(86_400)

    @Test func concurrentReportsAreDeliveredOnce() async {
        let delivery = self.delivery(pace: .init(interval: .microseconds(50), mostReports: 100))
        await withDiscardingTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for report in 0..<500 {
                        _ = Self.add([task * 500 + report], to: delivery)
                        if report % 50 == 0 { await delivery.flush() }
                    }
                }
            }
        }
        await delivery.flush()
        #expect(self.receiver.reports.sorted() == Array(0..<4_000))
        #expect(self.receiver.mostConcurrent == 1)
        #expect(self.receiver.batches.allSatisfy { (1...8).contains($0.count) })
    }

    @Test func reportDuringADeliveryIsDeliveredNext() async {
        let delivery = self.delivery()
        let gate = self.receiver.hold()
        _ = Self.add([1], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        _ = Self.add([2], to: delivery)
        gate.fulfill(with: ())
        await delivery.flush()
        #expect(self.receiver.batches == [[1], [2]])
        // The task has ended, and the next report starts another one.
        _ = Self.add([3], to: delivery)
        await delivery.flush()
        #expect(self.receiver.batches == [[1], [2], [3]])
    }

    @Test func flushWaitsForTheDeliveryThatHasBegun() async {
        let delivery = self.delivery()
        let gate = self.receiver.hold()
        let returned = Promise<Bool>()
        _ = Self.add([1], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                await delivery.flush()
                returned.fulfill(with: true)
            }
            for _ in 0..<100 { await Task.yield() }
            #expect(returned.value == nil)
            gate.fulfill(with: ())
        }
    }

    @Test func flushDoesNotWaitForLaterReports() async {
        let delivery = self.delivery()
        let (first, second) = (self.receiver.hold(), self.receiver.hold())
        _ = Self.add([1], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        async let flush: Void = delivery.flush()
        for _ in 0..<100 { await Task.yield() }
        _ = Self.add([2], to: delivery)
        first.fulfill(with: ())
        // The second delivery is still held.
        await flush
        second.fulfill(with: ())
        await delivery.flush()
        #expect(self.receiver.batches == [[1], [2]])
    }

    @Test func flushEndsTheInterval() async {
        let delivery = self.delivery(pace: .init(interval: Self.endless, mostReports: 1_000))
        _ = Self.add(1...3, to: delivery)
        await delivery.flush()
        #expect(self.receiver.batches == [[1, 2, 3]])
    }

    @Test func manyReportsEndTheInterval() async {
        let delivery = self.delivery(batchSize: 100, pace: .init(interval: Self.endless, mostReports: 100))
        _ = Self.add(0..<99, to: delivery)
        for _ in 0..<100 { await Task.yield() }
        #expect(self.receiver.batches.isEmpty)
        _ = Self.add([99], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        #expect(self.receiver.batches == [Array(0..<100)])
    }

    @Test func manyReportsDuringADeliveryEndTheNextInterval() async {
        let delivery = self.delivery(batchSize: 200, pace: .init(interval: Self.endless, mostReports: 100))
        let gate = self.receiver.hold()
        _ = Self.add(0..<100, to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        _ = Self.add(100..<250, to: delivery)
        gate.fulfill(with: ())
        while self.receiver.batches.count < 2 { await Task.yield() }
        #expect(self.receiver.reports == Array(0..<250))
    }

    @Test func reportsInDeliveryTakeCapacity() async {
        let delivery = self.delivery(capacity: 4, batchSize: 2)
        let (first, second) = (self.receiver.hold(), self.receiver.hold())
        // The task may take the first report alone.
        _ = Self.add([0], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        #expect(Self.add(1...4, to: delivery) == [true, true, true, false])
        first.fulfill(with: ())
        while self.receiver.batches.count < 2 { await Task.yield() }
        #expect(Self.add(5...6, to: delivery) == [true, false])
        second.fulfill(with: ())
        await delivery.flush()
        #expect(self.receiver.batches == [[0], [1, 2], [3], [5]])
        #expect(Self.add(7...11, to: delivery).first == true)
        await delivery.flush()
    }

    @Test func cancelledFlushDoesNotEndAnother() async {
        let delivery = self.delivery()
        let gate = self.receiver.hold()
        let returned = Promise<Bool>()
        _ = Self.add([1], to: delivery)
        while self.receiver.batches.isEmpty { await Task.yield() }
        await withDiscardingTaskGroup { group in
            group.addTask {
                await delivery.flush()
                returned.fulfill(with: true)
            }
            let cancelled = Task { await delivery.flush() }
            cancelled.cancel()
            await cancelled.value
            for _ in 0..<100 { await Task.yield() }
            #expect(returned.value == nil)
            gate.fulfill(with: ())
        }
        #expect(self.receiver.reports == [1])
    }
}
