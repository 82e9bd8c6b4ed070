// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics
public import SMSKit
public import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reports to the gateway in the background which verification codes were used.
///
/// ``report(messageID:isUsed:to:)`` never blocks and never fails: it appends to a bounded queue, and drops and counts the
/// report if the queue is full. ``run()`` sends the queued reports; run it in a `ServiceGroup` or in a separate task.
/// A circuit breaker drops reports for a while after a streak of failures.
public final class ConversionReporter: Sendable {
    /// Counts of reports by outcome.
    public struct Statistics: Sendable, Hashable {
        /// The reports that the gateway accepted.
        public var reported: Int

        /// The reports that failed.
        public var failed: Int

        /// The reports that were not sent: the queue was full, the circuit breaker was open, or ``run()`` had ended.
        public var dropped: Int

        /// The reports in the queue or under way.
        public var queued: Int

        /// Creates counts.
        ///
        /// - Parameters:
        ///   - reported: The reports that the gateway accepted.
        ///   - failed: The reports that failed.
        ///   - dropped: The reports that were not sent.
        ///   - queued: The reports in the queue or under way.
        public init(reported: Int = 0, failed: Int = 0, dropped: Int = 0, queued: Int = 0) {
            self.reported = reported
            self.failed = failed
            self.dropped = dropped
            self.queued = queued
        }
    }

    private struct State {
        var statistics = Statistics()
        var breaker: CircuitBreaker
        var hasRun = false
    }

    private let client: AlibabaSMSClient
    private let timeout: Duration
    private let maximumConcurrency: Int
    private let queue: AsyncStream<SmsConversion>
    private let input: AsyncStream<SmsConversion>.Continuation
    private let state: Mutex<State>

    /// Creates a reporter.
    ///
    /// - Parameters:
    ///   - client: The client that sends the reports.
    ///   - capacity: The most queued reports.
    ///   - maximumConcurrency: The most concurrent reports.
    ///   - timeout: The timeout of one report.
    ///   - failuresToOpen: The number of consecutive failures after which the circuit breaker opens.
    ///   - openInterval: The time for which the circuit breaker stays open before it lets a probe through.
    public init(
        client: AlibabaSMSClient,
        capacity: Int = 1000,
        maximumConcurrency: Int = 4,
        timeout: Duration = .seconds(10),
        failuresToOpen: Int = 5,
        openInterval: Duration = .seconds(30)
    ) {
        self.client = client
        self.timeout = timeout
        self.maximumConcurrency = max(1, maximumConcurrency)
        (self.queue, self.input) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(max(1, capacity)))
        self.state = Mutex(
            State(breaker: CircuitBreaker(failuresToOpen: max(1, failuresToOpen), openInterval: openInterval))
        )
    }

    /// The counts so far.
    public var statistics: Statistics { self.state.withLock { $0.statistics } }

    /// Queues a report on a verification code.
    ///
    /// Call it when a code was verified, and optionally when a code expired unused.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message with the code.
    ///   - isUsed: Whether the code was used.
    ///   - to: The phone number.
    /// - Returns: `false` if the report was dropped.
    @discardableResult
    public func report(messageID: String, isUsed: Bool, to: PhoneNumber? = nil) -> Bool {
        let report = SmsConversion(messageID: messageID, isDelivered: isUsed, to: to, time: self.client.now())
        // One critical section, so that the counts always match the queue.
        let isQueued = self.state.withLock { state in
            let isQueued = if case .enqueued = self.input.yield(report) { true } else { false }
            if isQueued { state.statistics.queued += 1 } else { state.statistics.dropped += 1 }
            return isQueued
        }
        if !isQueued { Self.count("dropped", 1) }
        return isQueued
    }

    /// Stops accepting reports.
    ///
    /// ``run()`` returns once the queue is empty.
    public func finish() { self.input.finish() }

    private func send(_ report: SmsConversion) async {
        let isAdmitted = self.state.withLock { $0.breaker.admits(at: self.client.clock.now()) }
        guard isAdmitted, !Task.isCancelled else {
            self.state.withLock { state in
                state.statistics.queued -= 1
                state.statistics.dropped += 1
            }
            return Self.count("dropped", 1)
        }
        let error = await self.client.call(report, timeout: self.timeout).error
        let isReported = error == nil
        // An invalid report says nothing about the health of the gateway.
        let isHealthy = error.map { [.caller, .number, .content].contains($0.kind) } ?? true
        let hasOpened = self.state.withLock { state in
            state.statistics.queued -= 1
            if isReported { state.statistics.reported += 1 } else { state.statistics.failed += 1 }
            return state.breaker.record(isSuccess: isHealthy, at: self.client.clock.now())
        }
        Self.count(isReported ? "reported" : "failed", 1)
        if hasOpened {
            Logger.current.warning(
                "Circuit breaker of conversion reports opened",
                metadata: ["sms.code": "\(error.map { "\($0.code)" } ?? "none")"]
            )
        }
    }

    private static func count(_ outcome: String, _ count: Int) {
        Counter(label: "alibabasms.conversions", dimensions: [("outcome", outcome)]).increment(by: Int64(count))
    }
}

extension ConversionReporter: Service {
    /// Sends reports until ``finish()`` is called or the service is gracefully shut down, and the queue is empty.
    ///
    /// Cancelling the task drops the queued reports. A second call returns immediately.
    public func run() async {
        let isFirst = self.state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
        guard isFirst else { return }
        await withGracefulShutdownHandler {
            await self.sendAll()
        } onGracefulShutdown: {
            self.finish()
        }
        self.dropRest()
    }

    private func sendAll() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await report in self.queue {
                if running == self.maximumConcurrency {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await self.send(report) }
            }
        }
    }

    /// After a cancellation, drops the queued reports and accepts no more.
    private func dropRest() {
        let rest = self.state.withLock { state in
            self.input.finish()
            let rest = state.statistics.queued
            state.statistics.queued = 0
            state.statistics.dropped += rest
            return rest
        }
        if rest > 0 { Self.count("dropped", rest) }
    }
}
