// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Foundation
import Logging
import Metrics
public import SendGuard
import Synchronization

/// Passes audit events to sinks in the background, with a bounded buffer.
///
/// A call that records an event never waits. If the buffer is full, new events are dropped, and the metric `otp.audit.events`
/// counts them. Call ``flush()`` before the process ends.
public final class AuditTrail: Sendable {
    private struct State {
        var events: [AuditEvent] = []
        var isDraining = false
        /// One promise for each waiting caller of ``flush()``.
        var waiting: [Promise<Void>] = []
        var failures = 0
    }

    /// The maximum number of events that a sink receives in one call.
    static let batchSize = 256

    /// A closure that returns the time of a new event.
    let now: @Sendable () -> Date

    private let sinks: [any AuditSink]
    private let capacity: Int
    private let state = Mutex(State())
    private let recorded: Counter
    private let dropped: Counter
    private let failed: Counter

    /// Creates an audit trail.
    ///
    /// - Parameters:
    ///   - sinks: The destinations of all events.
    ///   - capacity: The maximum number of events in the buffer.
    public convenience init(_ sinks: [any AuditSink], capacity: Int = 10_000) {
        self.init(sinks, capacity: capacity, metrics: MetricsSystem.factory) { Date() }
    }

    /// Creates an audit trail.
    ///
    /// - Parameters:
    ///   - sinks: The destinations of all events.
    ///   - capacity: The maximum number of events in the buffer.
    ///   - metrics: The factory of the counters.
    ///   - now: A closure that returns the time of a new event.
    init(
        _ sinks: [any AuditSink],
        capacity: Int,
        metrics: any MetricsFactory,
        now: @escaping @Sendable () -> Date
    ) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: "otp.audit.events", dimensions: [("outcome", outcome)], factory: metrics)
        }
        self.sinks = sinks
        self.now = now
        self.capacity = max(1, capacity)
        self.recorded = counter("recorded")
        self.dropped = counter("dropped")
        self.failed = counter("failed")
    }

    /// Adds an event to the buffer, or drops the event if the buffer is full.
    ///
    /// - Parameter event: The event.
    public func record(_ event: AuditEvent) {
        let (isAdded, starts) = self.state.withLock { state -> (Bool, Bool) in
            guard state.events.count < self.capacity else { return (false, false) }
            state.events.append(event)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if !isAdded { self.dropped.increment() }
        // Detached, so that the task does not inherit the priority and the task-local values of the caller.
        if starts { Task.detached { await self.drain() } }
    }

    /// Waits until all sinks have received the events that were recorded before the call.
    ///
    /// If a sink throws an error, the trail logs and counts the lost events, and does not retry.
    public func flush() async {
        let promise = self.state.withLock { state -> Promise<Void>? in
            guard state.isDraining else { return nil }
            let promise = Promise<Void>()
            state.waiting.append(promise)
            return promise
        }
        await promise?.wait()
    }

    private func drain() async {
        while let batch = self.nextBatch() {
            for sink in self.sinks {
                do {
                    try await sink.record(batch)
                    self.recorded.increment(by: batch.count)
                    self.state.withLock { $0.failures = 0 }
                } catch {
                    self.failed.increment(by: batch.count)
                    self.log(error, of: batch.count)
                }
            }
        }
    }

    /// Removes and returns the next events from the buffer, or returns `nil` if the buffer is empty.
    private func nextBatch() -> [AuditEvent]? {
        let (batch, waiting) = self.state.withLock { state -> ([AuditEvent]?, [Promise<Void>]) in
            guard state.events.isEmpty else {
                let batch = Array(state.events.prefix(Self.batchSize))
                state.events.removeFirst(batch.count)
                return (batch, [])
            }
            state.isDraining = false
            defer { state.waiting = [] }
            return (nil, state.waiting)
        }
        for promise in waiting { promise.fulfill(with: ()) }
        return batch
    }

    private func log(_ error: any Error, of count: Int) {
        let failures = self.state.withLock { state in
            state.failures += 1
            return state.failures
        }
        // Of several consecutive failures, only the first is logged as a warning.
        Logger(label: "OTP")
            .log(
                level: failures == 1 ? .warning : .debug,
                "Audit events lost",
                metadata: ["audit.count": "\(count)", "otp.error": "\(error)"]
            )
    }
}
