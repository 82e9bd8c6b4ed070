import FoundationEssentials
import Metrics
public import SMSKit
import Synchronization

/// Tells the gateway in the background which verification codes were used.
///
/// ``report(messageID:isUsed:to:)`` never waits and never fails: it puts the report into a bounded queue, and drops and
/// counts it if that is full. ``run()`` empties the queue; it belongs into a task of its own, such as a service of a
/// `ServiceGroup`. While the gateway fails again and again, reports are dropped and counted for a while.
public final class ConversionReporter: Sendable {
    /// What became of the reports.
    public struct Statistics: Sendable, Hashable {
        /// Those that the gateway took.
        public var reported = 0
        /// Those that it did not take.
        public var failed = 0
        /// Those that were never sent: the queue was full, the gateway failed again and again, or the work had ended.
        public var dropped = 0
        /// Those that wait.
        public var queued = 0
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
    ///   - client: The client to report with.
    ///   - capacity: The most reports that wait.
    ///   - maximumConcurrency: The most reports that are sent at once.
    ///   - timeout: The longest that one report may take.
    ///   - failuresToOpen: After how many failures in a row reports are dropped.
    ///   - openTime: For how long they are, before one is sent as a trial.
    public init(
        client: AlibabaSMSClient,
        capacity: Int = 1000,
        maximumConcurrency: Int = 4,
        timeout: Duration = .seconds(10),
        failuresToOpen: Int = 5,
        openTime: Duration = .seconds(30)
    ) {
        self.client = client
        self.timeout = timeout
        self.maximumConcurrency = max(1, maximumConcurrency)
        (self.queue, self.input) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(max(1, capacity)))
        self.state = Mutex(
            State(breaker: CircuitBreaker(failuresToOpen: max(1, failuresToOpen), openTime: openTime))
        )
    }

    /// What became of the reports so far.
    public var statistics: Statistics { self.state.withLock { $0.statistics } }

    /// Has the gateway told, as soon as may be, whether a code was used.
    ///
    /// Call it when a code was verified, and if you wish when it expired without.
    ///
    /// - Parameters:
    ///   - messageID: The identifier of the message that held the code.
    ///   - isUsed: Whether the code was used.
    ///   - to: The number.
    /// - Returns: `false` if the report was dropped.
    @discardableResult
    public func report(messageID: String, isUsed: Bool, to: PhoneNumber? = nil) -> Bool {
        let report = SmsConversion(messageID: messageID, isDelivered: isUsed, to: to, time: self.client.now())
        // All in one: what is in the queue is what is counted as such.
        let isQueued = self.state.withLock { state in
            let isQueued = if case .enqueued = self.input.yield(report) { true } else { false }
            if isQueued { state.statistics.queued += 1 } else { state.statistics.dropped += 1 }
            return isQueued
        }
        if !isQueued { Self.count("dropped", 1) }
        return isQueued
    }

    /// Takes no more reports; ``run()`` returns when those that wait are dealt with.
    public func finish() { self.input.finish() }

    /// Sends the reports until ``finish()`` was called, or until the task is cancelled, which drops those that wait.
    ///
    /// It does its work once: a second call returns at once.
    public func run() async {
        let isFirst = self.state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
        guard isFirst else { return }
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
        // After a cancellation nobody is there to send those that wait, or that come later.
        let rest = self.state.withLock { state in
            self.input.finish()
            let rest = state.statistics.queued
            state.statistics.queued = 0
            state.statistics.dropped += rest
            return rest
        }
        if rest > 0 { Self.count("dropped", rest) }
    }

    private func send(_ report: SmsConversion) async {
        let mayGo = self.state.withLock { $0.breaker.admits(at: self.client.clock.now()) }
        guard mayGo, !Task.isCancelled else {
            self.state.withLock { state in
                state.statistics.queued -= 1
                state.statistics.dropped += 1
            }
            return Self.count("dropped", 1)
        }
        let error = await self.client.perform(report, timeout: self.timeout).error
        let isReported = error == nil
        // A report that is wrong in itself says nothing of the gateway's health.
        let isHealthy = error.map { [.caller, .number, .content].contains($0.kind) } ?? true
        self.state.withLock { state in
            state.breaker.record(isSuccess: isHealthy, at: self.client.clock.now())
            state.statistics.queued -= 1
            if isReported { state.statistics.reported += 1 } else { state.statistics.failed += 1 }
        }
        Self.count(isReported ? "reported" : "failed", 1)
    }

    private static func count(_ outcome: String, _ count: Int) {
        Counter(label: "alibabasms.conversions", dimensions: [("outcome", outcome)]).increment(by: Int64(count))
    }
}
