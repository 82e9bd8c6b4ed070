// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Foundation
import InMemoryLogging
import Logging
import MetricsTestKit
import OTPTesting
import SendGuard
import Synchronization
import Testing

@testable import Webhooks

/// Tests of the queue and the retries.
@Suite(.timeLimit(.minutes(1))) struct WebhookSenderTests {
    /// A sender with a manual clock and a fake receiver.
    private struct Bench {
        static let url = "https://example.com/SECRET-PATH"
        static let start = Date(timeIntervalSince1970: 1_700_000_000)

        let clock = ManualClock()
        let receiver: FakeReceiver
        let metrics = TestMetrics()
        let log = InMemoryLogHandler()
        let secrets: [WebhookSecret]
        let sender: WebhookSender

        init(_ receiver: FakeReceiver, secrets count: UInt8 = 1, capacity: Int = 100) throws {
            let (clock, log) = (self.clock, self.log)
            self.receiver = receiver
            self.secrets = try (0..<count)
                .map {
                    try WebhookSecret("whsec_" + Data(repeating: $0, count: 24).base64EncodedString())
                }
            var logger = Logger(label: "test") { _ in log }
            logger.logLevel = .debug
            self.sender = WebhookSender(
                try WebhookEndpoint(url: Self.url, secrets: self.secrets),
                capacity: capacity,
                timers: Timers(clock: clock),
                now: { Self.start + clock.now.offset / .seconds(1) },
                metrics: self.metrics,
                logger: logger,
                transport: receiver.respond
            )
        }

        /// Adds the webhook of an event with a challenge.
        func add(_ challenge: String = "c") async throws {
            try await self.sender.record([AuditEvent(.verify, at: Self.start, [.outcome: "ok", .challenge: challenge])])
        }

        /// Waits for the timer of the next attempt, advances the clock to its deadline, and returns the wait.
        func advance() async throws -> Duration {
            try await self.clock.waitForSleepers(1)
            let before = self.clock.now
            self.clock.advanceToNextSleeper()
            return before.duration(to: self.clock.now)
        }

        func count(_ outcome: String) -> Int64 {
            (try? self.metrics.expectCounter("otp.webhooks", [("outcome", outcome)]).totalValue) ?? 0
        }

        /// Drains the queue without waiting for webhooks that hang.
        func drain() async { await self.sender.drain(within: .seconds(1)) }

        var messages: [String] { self.log.entries.map { "\($0.level) \($0.message)" } }
    }

    private static func poll(until condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func requestIsSignedWithAllSecrets() async throws {
        let bench = try Bench(FakeReceiver(), secrets: 2)
        try await bench.add()
        let request = try await bench.receiver.next()
        #expect(request.url == Bench.url && request["content-type"] == "application/json")
        #expect(request["webhook-id"].hasPrefix("msg_") && request["webhook-id"].utf8.count == 26)
        #expect(request["webhook-signature"].split(separator: " ").count == 2)
        for secret in bench.secrets {
            try WebhookVerifier([secret])
                .verify(
                    request.body,
                    id: request["webhook-id"],
                    timestamp: request["webhook-timestamp"],
                    signature: request["webhook-signature"],
                    at: Bench.start
                )
        }
        await bench.drain()
        #expect(bench.count("delivered") == 1 && bench.messages.isEmpty)
    }

    private static let failures: [FakeReceiver.Reply] =
        [500, 503, 408, 429, 301, 307, 400, 401, 404, 422].map { .status($0) } + [.unreachable]

    @Test(arguments: failures) func failedAttemptIsRepeatedWithBackoff(reply: FakeReceiver.Reply) async throws {
        let bench = try Bench(FakeReceiver([reply, reply, reply]))
        try await bench.add()
        let first = try await bench.receiver.next()
        var elapsed = Duration.zero
        for ceiling in [5.0, 10, 20] {
            let wait = try await bench.advance()
            #expect(wait >= .seconds(ceiling / 2) && wait <= .seconds(ceiling))
            elapsed += wait
            let request = try await bench.receiver.next()
            #expect(request["webhook-id"] == first["webhook-id"] && request.body == first.body)
            #expect(Int(request["webhook-timestamp"]) == 1_700_000_000 + Int(elapsed / .seconds(1)))
            #expect(request["webhook-signature"] != first["webhook-signature"])
        }
        await bench.drain()
        #expect(bench.count("delivered") == 1)
        #expect(try bench.metrics.expectCounter("otp.webhooks.retries").totalValue == 3)
        #expect(bench.messages == ["warning Webhook failed", "debug Webhook failed", "debug Webhook failed"])
        let log = "\(bench.log.entries)"
        #expect(!log.contains("SECRET-PATH") && !log.contains("v1,") && !log.contains("whsec_"))
    }

    @Test func retryAfterDelaysTheNextAttemptUpToTheMaximum() async throws {
        let replies: [FakeReceiver.Reply] = [
            .status(429, retryAfter: .seconds(100)), .status(503, retryAfter: .seconds(86_400)),
            .status(503, retryAfter: .seconds(1)),
        ]
        let bench = try Bench(FakeReceiver(replies))
        try await bench.add()
        for (shortest, longest) in [(100, 100), (600, 600), (10, 20)] {
            _ = try await bench.receiver.next()
            let wait = try await bench.advance()
            #expect(wait >= .seconds(shortest) && wait <= .seconds(longest))
        }
        _ = try await bench.receiver.next()
        await bench.drain()
        #expect(bench.count("delivered") == 1)
    }

    @Test func webhookIsGivenUpAfterTheLastAttempt() async throws {
        let bench = try Bench(FakeReceiver(then: .status(502)))
        try await bench.add()
        for _ in 1..<WebhookSender.maximumAttempts {
            _ = try await bench.receiver.next()
            _ = try await bench.advance()
        }
        _ = try await bench.receiver.next()
        await bench.drain()
        #expect(bench.receiver.requests.count == WebhookSender.maximumAttempts)
        #expect(bench.count("failed") == 1 && bench.count("delivered") == 0 && bench.count("dropped") == 0)
    }

    @Test func reasonOfAFailedAttemptIsTheStatus() async throws {
        let bench = try Bench(FakeReceiver([.status(404)]))
        try await bench.add()
        _ = try await bench.receiver.next()
        _ = try await bench.advance()
        _ = try await bench.receiver.next()
        await bench.drain()
        #expect(bench.count("delivered") == 1 && bench.count("failed") == 0)
        #expect(bench.log.entries.first?.metadata["otp.webhook.reason"] == "404")
    }

    @Test func receiverThatIsGoneGetsNoFurtherWebhooks() async throws {
        let bench = try Bench(FakeReceiver([.status(500), .status(410)]))
        try await bench.add("waits for its retry")
        _ = try await bench.receiver.next()
        try await bench.clock.waitForSleepers(1)
        try await bench.add("is refused")
        _ = try await bench.receiver.next()
        try await Self.poll { bench.count("dropped") > 0 }
        try await bench.add("is dropped")
        await bench.drain()
        #expect(bench.receiver.requests.count == 2)
        #expect(bench.count("failed") == 1 && bench.count("dropped") == 2)
        #expect(bench.messages.contains("error Webhook receiver is gone, no webhooks are sent until a restart"))
    }

    @Test func attemptWithoutAResponseEndsAfterATimeout() async throws {
        let bench = try Bench(FakeReceiver([.hang]))
        try await bench.add()
        _ = try await bench.receiver.next()
        #expect(try await bench.advance() == .seconds(15))
        _ = try await bench.advance()
        _ = try await bench.receiver.next()
        await bench.drain()
        #expect(bench.count("delivered") == 1)
        #expect(bench.log.entries.first?.metadata["otp.webhook.reason"] == "timeout")
    }

    /// A receiver that hangs must not delay a caller, and must not fill the memory.
    @Test func webhooksBeyondTheCapacityAreDroppedWithOneWarning() async throws {
        let bench = try Bench(FakeReceiver(then: .hang), capacity: 20)
        for number in 0..<35 { try await bench.add("\(number)") }
        #expect(bench.count("dropped") == 15)
        #expect(bench.messages == ["warning Webhooks dropped, the queue is full"])
        // No more than 16 requests are open at the same time.
        for _ in 0..<16 { _ = try await bench.receiver.next() }
        #expect(bench.receiver.requests.count == 16)
    }

    @Test func endTriesWaitingWebhooksOnceMore() async throws {
        let bench = try Bench(FakeReceiver([.status(500), .status(500)]))
        try await bench.add("first")
        _ = try await bench.receiver.next()
        try await bench.clock.waitForSleepers(1)
        await bench.sender.drain(within: .seconds(1))
        #expect(bench.receiver.requests.count == 2 && bench.clock.now.offset == .zero)
        #expect(bench.count("failed") == 1)
        try await bench.add("late")
        #expect(bench.count("dropped") == 1 && bench.receiver.requests.count == 2)
    }

    @Test func endWaitsOnlyForABoundedTime() async throws {
        let bench = try Bench(FakeReceiver(then: .hang))
        for number in 0..<20 { try await bench.add("\(number)") }
        for _ in 0..<16 { _ = try await bench.receiver.next() }
        async let end: Void = bench.sender.drain(within: .seconds(5))
        try await Self.poll { bench.clock.nextDeadline?.offset == .seconds(5) }
        bench.clock.advanceToNextSleeper()
        await end
        #expect(bench.clock.now.offset == .seconds(5))
        // The 16 active webhooks count as dropped, too, and only once.
        #expect(bench.count("dropped") == 20)
        let isDrained = Mutex(false)
        async let rest: Void = {
            await bench.drain()
            isDrained.withLock { $0 = true }
        }()
        // A worker can set the timer of its request late, after the clock was moved.
        try await Self.poll {
            bench.clock.advanceToNextSleeper()
            return isDrained.withLock { $0 }
        }
        await rest
        #expect(bench.count("dropped") == 20 && bench.count("failed") == 0 && bench.count("delivered") == 0)
    }

    @Test func concurrentEventsAreAllDelivered() async throws {
        let bench = try Bench(FakeReceiver(), capacity: 10_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask { for number in 0..<50 { try await bench.add("\(task)-\(number)") } }
            }
            try await group.waitForAll()
        }
        await bench.sender.drain(within: .seconds(30))
        #expect(Set(bench.receiver.requests.map { $0["webhook-id"] }).count == 1_000)
        #expect(bench.count("delivered") == 1_000)
    }

    @Test func descriptionsContainNeitherTheURLNorASecret() throws {
        let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let endpoint = try WebhookEndpoint(url: Bench.url, secrets: [secret])
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint), dumped] {
            #expect(!text.contains("SECRET-PATH") && !text.contains("MfKQ"))
        }
    }
}
