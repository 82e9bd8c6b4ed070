// SPDX-License-Identifier: Apache-2.0

import Deadlines
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

/// A service that reports to the gateway which verification codes were used.
///
/// ``report(messageID:isUsed:to:)`` never blocks and never fails. It appends a report to a bounded queue, or drops the report
/// if the queue is full. ``run()`` sends the queued reports. Run the reporter in a `ServiceGroup` or in a separate task. After
/// several consecutive failures, a circuit breaker opens. While the circuit breaker is open, reports are dropped.
public final class ConversionReporter: Sendable {
    /// The number of reports for each outcome.
    public struct Statistics: Sendable, Hashable {
        /// The number of reports that the gateway accepted.
        public var reported: Int

        /// The number of reports that were sent without success.
        public var failed: Int

        /// The number of reports that were not sent.
        ///
        /// A report is dropped if the queue is full, or if the circuit breaker is open. After ``finish()`` or the end of
        /// ``run()``, all new reports are dropped. If the task of ``run()`` is cancelled, the queued reports are dropped.
        public var dropped: Int

        /// The number of reports that are in the queue or being sent.
        public var queued: Int

        /// Creates statistics.
        ///
        /// - Parameters:
        ///   - reported: The number of reports that the gateway accepted.
        ///   - failed: The number of reports that were sent without success.
        ///   - dropped: The number of reports that were not sent.
        ///   - queued: The number of reports that are in the queue or being sent.
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
    ///   - capacity: The maximum number of queued reports.
    ///   - maximumConcurrency: The maximum number of reports that are sent at the same time.
    ///   - timeout: The timeout of one report.
    ///   - failuresToOpen: The number of consecutive failures after which the circuit breaker opens.
    ///   - openInterval: The time after which an open circuit breaker admits one report as a probe.
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

    /// The number of reports for each outcome since the reporter was created.
    public var statistics: Statistics { self.state.withLock { $0.statistics } }

    /// Queues a report on a verification code.
    ///
    /// Call this method when a code was verified, and optionally when a code expired unused.
    ///
    /// - Parameters:
    ///   - messageID: The gateway's identifier of the message with the code.
    ///   - isUsed: Whether the code was used.
    ///   - to: The phone number that received the code.
    /// - Returns: `false` if the report was dropped.
    @discardableResult
    public func report(messageID: String, isUsed: Bool, to: PhoneNumber? = nil) -> Bool {
        let report = SmsConversion(messageID: messageID, isDelivered: isUsed, to: to, time: self.client.now())
        // A single critical section ensures that the counts always match the queue.
        let isQueued = self.state.withLock { state in
            let isQueued = if case .enqueued = self.input.yield(report) { true } else { false }
            if isQueued { state.statistics.queued += 1 } else { state.statistics.dropped += 1 }
            return isQueued
        }
        if !isQueued { Self.count("dropped", 1) }
        return isQueued
    }

    /// Stops accepting reports, and lets ``run()`` return when the queue is empty.
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
        // An invalid report does not mean that the gateway is unhealthy.
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
                metadata: ["sms.error.code": "\(error.map { "\($0.code)" } ?? "none")"]
            )
        }
    }

    private static func count(_ outcome: String, _ count: Int) {
        Counter(label: "alibabasms.conversions", dimensions: [("outcome", outcome)]).increment(by: Int64(count))
    }
}

extension ConversionReporter: Service {
    /// Sends the queued reports, and waits for further reports.
    ///
    /// After ``finish()`` or a graceful shutdown, the method sends the remaining reports and then returns. If the task is
    /// cancelled, the queued reports are dropped. A second call of the method returns immediately.
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

    /// Drops the queued reports after a cancellation, and stops accepting reports.
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
