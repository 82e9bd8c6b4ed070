// SPDX-License-Identifier: Apache-2.0

package import Deadlines
import DequeModule
package import Foundation
package import Logging
package import Metrics
package import SendGuard
import Synchronization
import TextFormats

/// Sends webhooks in the background, with a bounded queue and retries.
///
/// The sender receives audit events and adds webhooks to the queue, so no caller waits for a receiver. While the queue is full,
/// new webhooks are dropped and counted. All attempts of a webhook have the same ID. Each attempt has its own timestamp and
/// signatures. Call ``drain(within:)`` before the process ends.
///
/// A class, so that the audit trail and the background tasks share one queue.
package final class WebhookSender: AuditSink {
    struct Delivery: Sendable {
        let id: String
        let kind: WebhookEvent.Kind
        let body: [UInt8]
        var failures = 0
    }

    /// The final outcome of a webhook.
    enum End: String {
        case delivered, failed, dropped
    }

    private struct State {
        var ready: Deque<Delivery> = []
        /// The webhooks that wait for a retry, and their timers, keyed by ID.
        var waiting: [String: (timer: Timers.ID, delivery: Delivery)] = [:]
        /// The number of webhooks that are being sent.
        var active = 0
        /// The number of tasks that send webhooks.
        var workers = 0
        /// Whether ``drain(within:)`` was called, after which no webhook is added and no failed attempt is retried.
        var isDraining = false
        /// Whether no more webhooks are sent.
        var isStopped = false
        /// Whether ``drain(within:)`` has counted the unfinished webhooks as dropped.
        ///
        /// Their later outcomes are not counted.
        var isAbandoned = false
        /// Whether a webhook was dropped since the queue was last empty, so that only the first drop is logged.
        var isOverflowing = false
        var consecutiveFailures = 0
        var idle: [Promise<Bool>] = []

        var count: Int { self.ready.count + self.waiting.count + self.active }
    }

    static let maximumAttempts = 8
    static let backoff = Backoff(base: .seconds(5), maximum: .seconds(600), jitter: .half)
    /// The maximum number of concurrent requests.
    static let maximumWorkers = 16
    private static let timeout = Duration.seconds(15)

    private let endpoint: WebhookEndpoint
    private let capacity: Int
    private let transport: WebhookTransport
    private let timers: Timers
    private let now: @Sendable () -> Date
    private let state = Mutex(State())
    private let metrics: any MetricsFactory
    private let logger: Logger

    /// Creates a sender without opening a connection.
    ///
    /// - Parameters:
    ///   - endpoint: The receiver.
    ///   - capacity: The maximum number of webhooks in the queue, including those that wait for a retry.
    ///   - timers: The timers for retries and timeouts.
    ///   - now: Returns the current time.
    ///   - metrics: The factory of the counters.
    ///   - logger: The logger.
    ///   - transport: Sends a request.
    package init(
        _ endpoint: WebhookEndpoint,
        capacity: Int = 1_000,
        timers: Timers = .continuous,
        now: @escaping @Sendable () -> Date = { Date() },
        metrics: any MetricsFactory = MetricsSystem.factory,
        logger: Logger = Logger(label: "otp.webhooks"),
        transport: @escaping WebhookTransport
    ) {
        self.endpoint = endpoint
        self.capacity = capacity
        self.transport = transport
        self.timers = timers
        self.now = now
        self.metrics = metrics
        self.logger = logger
    }

    /// Adds a webhook to the queue for each audit event that corresponds to a type in ``WebhookEvent/Kind``.
    package func record(_ events: [AuditEvent]) async throws {
        for event in events {
            guard let event = WebhookEvent(event) else { continue }
            self.add(event)
        }
    }

    /// Adds a webhook to the queue, or drops it if the queue is full.
    package func add(_ event: WebhookEvent) {
        let delivery = Delivery(
            id: Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) }, after: "msg_"),
            kind: event.kind,
            body: event.body
        )
        let (isAdded, warns) = self.state.withLock { state -> (Bool, Bool) in
            guard !state.isStopped, !state.isDraining else { return (false, false) }
            guard state.count < self.capacity else {
                defer { state.isOverflowing = true }
                return (false, !state.isOverflowing)
            }
            state.ready.append(delivery)
            return (true, false)
        }
        guard isAdded else {
            self.count(.dropped)
            if warns { self.logger.warning("Webhooks dropped, the queue is full") }
            return
        }
        self.startWorker()
    }

    /// Tries each webhook in the queue once more, and stops the sender.
    ///
    /// Webhooks without a response at the end of the timeout are dropped.
    ///
    /// - Parameter timeout: The maximum wait.
    package func drain(within timeout: Duration) async {
        let promise = Promise<Bool>()
        let waiting = self.state.withLock { state in
            state.isDraining = true
            state.idle.append(promise)
            return Array(state.waiting.keys)
        }
        for id in waiting { self.resume(id) }
        self.completeIfIdle()
        _ = await promise.wait(atMost: timeout, on: self.timers, otherwise: false)
        self.stop(abandonsActive: true)
    }

    // MARK: The queue

    private func startWorker() {
        let starts = self.state.withLock { state in
            guard state.workers < Self.maximumWorkers, !state.ready.isEmpty else { return false }
            state.workers += 1
            return true
        }
        // A detached task does not inherit the priority and the task-local values of the caller.
        if starts { Task.detached { await self.work() } }
    }

    private func work() async {
        while let delivery = self.next() { await self.attempt(delivery) }
        self.completeIfIdle()
    }

    /// Removes and returns the next webhook, or returns `nil` if the queue is empty.
    ///
    /// A worker that receives `nil` must end, because it is no longer counted.
    private func next() -> Delivery? {
        self.state.withLock { state in
            guard let delivery = state.ready.popFirst() else {
                state.workers -= 1
                return nil
            }
            state.active += 1
            return delivery
        }
    }

    /// Moves a waiting webhook back to the queue, and cancels its timer.
    private func resume(_ id: String) {
        let timer = self.state.withLock { state -> Timers.ID? in
            guard let (timer, delivery) = state.waiting.removeValue(forKey: id) else { return nil }
            state.ready.append(delivery)
            return timer
        }
        guard let timer else { return }
        self.timers.cancel(timer)
        self.startWorker()
    }

    /// Drops all webhooks in the queue, and sends no more.
    ///
    /// - Parameter abandonsActive: Whether the webhooks that are being sent are also counted as dropped. Their later outcomes
    ///   are then ignored.
    private func stop(abandonsActive: Bool = false) {
        let (timers, dropped) = self.state.withLock { state -> ([Timers.ID], Int) in
            state.isStopped = true
            let active = abandonsActive && !state.isAbandoned ? state.active : 0
            if abandonsActive { state.isAbandoned = true }
            defer {
                state.ready = []
                state.waiting = [:]
            }
            return (state.waiting.values.map { $0.timer }, state.ready.count + state.waiting.count + active)
        }
        for timer in timers { self.timers.cancel(timer) }
        if dropped > 0 { self.count(.dropped, dropped) }
        self.completeIfIdle()
    }

    private func completeIfIdle() {
        let waiters = self.state.withLock { state -> [Promise<Bool>] in
            guard state.count == 0 else { return [] }
            state.isOverflowing = false
            defer { state.idle = [] }
            return state.idle
        }
        for waiter in waiters { waiter.fulfill(with: true) }
    }

    // MARK: Attempts

    private func attempt(_ delivery: Delivery) async {
        typealias Response = Result<WebhookResponse, any Error>
        let (transport, request) = (self.transport, self.request(delivery))
        let result = await withDeadline(Self.timeout, on: self.timers) { () async -> Response in
            do {
                return .success(try await transport(request))
            } catch {
                return .failure(error)
            }
        }
        let response = try? result?.get()
        if let status = response?.status, (200...299).contains(status) { return self.end(.delivered) }
        self.log(delivery, result)
        guard response?.status != 410 else {
            self.logger.error("Webhook receiver is gone, no webhooks are sent until a restart")
            self.end(.failed)
            return self.stop()
        }
        // All other statuses are retried, because a proxy can respond with 404 during a deployment of the receiver.
        self.retry(delivery, retryAfter: response?.retryAfter ?? .zero)
    }

    private func request(_ delivery: Delivery) -> WebhookRequest {
        let timestamp = Int(self.now().timeIntervalSince1970)
        let signatures = self.endpoint.secrets.map {
            $0.signature(of: delivery.body, id: delivery.id, timestamp: timestamp)
        }
        return WebhookRequest(
            url: self.endpoint.url,
            headers: [
                ("content-type", "application/json"), ("user-agent", "swift-otp"), ("webhook-id", delivery.id),
                ("webhook-timestamp", String(timestamp)), ("webhook-signature", signatures.joined(separator: " ")),
            ],
            body: delivery.body
        )
    }

    /// Schedules the next attempt, or ends the webhook after its last attempt.
    private func retry(_ delivery: Delivery, retryAfter: Duration) {
        var delivery = delivery
        delivery.failures += 1
        let backoff = Self.backoff.delay(afterFailures: delivery.failures)
        let delay = min(max(backoff, retryAfter), Self.backoff.maximum)
        let isScheduled = self.state.withLock { [delivery] state in
            guard !state.isDraining, !state.isStopped, delivery.failures < Self.maximumAttempts else { return false }
            state.active -= 1
            // This is counted under the lock, because the retry can end before the next statement of this task.
            Counter(label: "otp.webhooks.retries", dimensions: [], factory: self.metrics).increment()
            // The lock prevents the timer from firing before it is in the dictionary.
            let timer = self.timers.set(after: delay) { self.resume(delivery.id) }
            state.waiting[delivery.id] = (timer, delivery)
            return true
        }
        if !isScheduled { self.end(.failed) }
    }

    private func end(_ end: End) {
        self.state.withLock { state in
            // This is counted under the lock, because the caller of `drain` may read the counters as soon as no webhook is
            // active.
            if !state.isAbandoned { self.count(end) }
            state.active -= 1
            if end == .delivered { state.consecutiveFailures = 0 }
        }
    }

    private func count(_ end: End, _ count: Int = 1) {
        Counter(label: "otp.webhooks", dimensions: [("outcome", end.rawValue)], factory: self.metrics)
            .increment(by: count)
    }

    /// Logs a failed attempt without the text of the error.
    ///
    /// The text can contain the URL, and the URL can contain a secret.
    private func log(_ delivery: Delivery, _ result: Result<WebhookResponse, any Error>?) {
        let failures = self.state.withLock { state in
            state.consecutiveFailures += 1
            return state.consecutiveFailures
        }
        let reason =
            switch result {
            case .success(let response): "\(response.status)"
            case .failure(let error as WebhookError): "\(error.code)"
            case .failure: "unreachable"
            case nil: "timeout"
            }
        // Only the first of several consecutive failures is a warning.
        self.logger.log(
            level: failures == 1 ? .warning : .debug,
            "Webhook failed",
            metadata: [
                "otp.webhook.id": "\(delivery.id)", "otp.webhook.type": "\(delivery.kind.rawValue)",
                "otp.webhook.reason": "\(reason)",
            ]
        )
    }
}
