// SPDX-License-Identifier: Apache-2.0

import Foundation
import MetricsTestKit
import SendGuard
import Synchronization
import Testing

@testable import OTP

/// Tests of the bounded buffer between calls and audit sinks.
@Suite(.timeLimit(.minutes(1))) struct AuditTrailTests {
    /// A sink that records events, and delays each batch until the test opens the sink.
    private final class Sink: AuditSink {
        struct Broken: Error {}

        let batches = Mutex<[[AuditEvent]]>([])
        let isBroken = Mutex(false)
        private let gate: AsyncStream<Void>
        private let opening: AsyncStream<Void>.Continuation

        init(isOpen: Bool = true) {
            (self.gate, self.opening) = AsyncStream<Void>.makeStream()
            if isOpen { self.opening.finish() }
        }

        var events: [AuditEvent] { self.batches.withLock { $0.flatMap(\.self) } }

        func open() { self.opening.finish() }

        func record(_ events: [AuditEvent]) async throws {
            self.batches.withLock { $0.append(events) }
            for await _ in self.gate {}
            if self.isBroken.withLock({ $0 }) { throw Broken() }
        }
    }

    private static func event(_ number: Int) -> AuditEvent {
        AuditEvent(.issue, at: Date(timeIntervalSince1970: Double(number)), [.outcome: "\(number)"])
    }

    @Test func everySinkReceivesAllEventsInTheirOrder() async throws {
        let sinks = [Sink(), Sink()]
        let trail = AuditTrail(sinks)
        let events = (0..<1_000).map(Self.event)
        for event in events { trail.record(event) }
        await trail.flush()
        for sink in sinks {
            #expect(sink.events == events)
            #expect(sink.batches.withLock { $0.allSatisfy { $0.count <= 256 } })
        }
        // A second run starts the background task again.
        trail.record(Self.event(7))
        await trail.flush()
        #expect(sinks[0].events.count == 1_001)
    }

    /// A sink that hangs must not delay calls.
    @Test func eventsBeyondTheCapacityAreDroppedAndCounted() async throws {
        let metrics = TestMetrics()
        let sink = Sink(isOpen: false)
        let trail = AuditTrail([sink], capacity: 10, metrics: metrics) { Date() }
        trail.record(Self.event(0))
        while sink.events.isEmpty { await Task.yield() }
        for number in 1...15 { trail.record(Self.event(number)) }
        sink.open()
        await trail.flush()
        #expect(sink.events == (0...10).map(Self.event))
        let dropped = try metrics.expectCounter("otp.audit.events", [("outcome", "dropped")])
        #expect(dropped.totalValue == 5)
        let recorded = try metrics.expectCounter("otp.audit.events", [("outcome", "recorded")])
        #expect(recorded.totalValue == 11)
    }

    @Test func sinkThatFailsDoesNotAffectTheOthers() async throws {
        let metrics = TestMetrics()
        let (broken, sound) = (Sink(), Sink())
        broken.isBroken.withLock { $0 = true }
        let trail = AuditTrail([broken, sound], capacity: 10, metrics: metrics) { Date() }
        for number in 0..<3 {
            trail.record(Self.event(number))
            await trail.flush()
        }
        #expect(sound.events == (0..<3).map(Self.event))
        // The failed call is not repeated.
        #expect(broken.events == sound.events)
        #expect(try metrics.expectCounter("otp.audit.events", [("outcome", "failed")]).totalValue == 3)
    }

    @Test func flushOfAnEmptyTrailReturns() async {
        await AuditTrail([Sink()]).flush()
    }

    @Test func concurrentCallersLoseNoEvent() async {
        let sink = Sink()
        let trail = AuditTrail([sink])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<50 {
                group.addTask {
                    for number in 0..<100 { trail.record(Self.event(task * 100 + number)) }
                    if task % 10 == 0 { await trail.flush() }
                }
            }
        }
        await trail.flush()
        #expect(Set(sink.events).count == 5_000)
    }
}
