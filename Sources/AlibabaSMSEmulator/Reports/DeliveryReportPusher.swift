// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import JSONOutput
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import StrictJSON
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Pushes delivery reports to a URL, one request at a time.
final class DeliveryReportPusher: Service {
    private static let timeout = TimeAmount.seconds(5)
    private static let maximumResponseSize = 64 * 1024

    private let url: String
    private let inbox: Inbox
    private let clock: EmulatorClock
    private let loop: WorkLoop
    private let queue: Mutex<DeliveryReportQueue>

    init(_ settings: DeliveryReportSettings, inbox: Inbox, clock: EmulatorClock) {
        self.url = settings.url
        self.inbox = inbox
        self.clock = clock
        self.loop = WorkLoop(clock: clock)
        self.queue = Mutex(
            DeliveryReportQueue(retryDelays: settings.retryDelays, sendsDuplicates: settings.sendsDuplicates)
        )
    }

    /// The number of queued reports.
    var count: Int { self.queue.withLock { $0.count } }

    /// Queues a report, which is pushed when the emulator's clock reaches `date`.
    func add(_ entry: DeliveryReportEntry, at date: Date) {
        self.queue.withLock { $0.add(PendingDeliveryReport(entry: entry, due: date)) }
        self.loop.signal()
    }

    /// Removes all queued reports.
    func reset() {
        self.queue.withLock { $0.clear() }
    }

    /// Recomputes the time until the next due report, because the emulator's clock was moved.
    func wake() { self.loop.signal() }

    /// Pushes reports when they are due, until the server shuts down.
    func run() async throws {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: Self.timeout, read: Self.timeout)
        let httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        await cancelWhenGracefulShutdown {
            await self.loop.run {
                while true {
                    let batch = self.queue.withLock { $0.next(at: self.clock.now) }
                    guard !batch.isEmpty, !Task.isCancelled else { break }
                    await self.push(batch, with: httpClient)
                }
                return self.queue.withLock { $0.due }
            }
        }
        try await httpClient.shutdown()
    }

    private func push(_ batch: [PendingDeliveryReport], with httpClient: HTTPClient) async {
        let (isAccepted, summary) = await self.post(batch.map(\.entry), with: httpClient)
        let now = self.clock.now
        self.queue.withLock { $0.complete(batch, isAccepted: isAccepted, at: now) }
        for report in batch {
            let detail = "push \(report.pushes + 1)\(report.isDuplicate ? ", duplicate" : ""): \(summary)"
            let event = InboxMessage.Event(isAccepted ? .reportAccepted : .reportRejected, at: now, detail: detail)
            await self.inbox.update(messageID: report.entry.messageID) { $0.record(event) }
        }
    }

    /// Posts reports to the receiver.
    ///
    /// Returns whether the receiver acknowledged the reports, and a summary of the response.
    private func post(_ entries: [DeliveryReportEntry], with httpClient: HTTPClient) async -> (Bool, String) {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        request.headers = ["content-type": "application/json;charset=utf-8"]
        do {
            request.body = .bytes(ByteBuffer(bytes: try JSONEncoder.compact.encode(entries)))
            let response = try await httpClient.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.maximumResponseSize)
            let summary = "HTTP \(response.status.code)"
            guard response.status == .ok else { return (false, summary) }
            let acknowledgement = try? JSON(parsing: body.readableBytesView, rules: .externalFormat)
            guard let code = acknowledgement?["code"]?.int64 else { return (false, "\(summary) without code") }
            return (code == 0, "\(summary), code \(code)")
        } catch {
            // The text of the error is omitted, because it can contain the URL, and the path of the URL can be a secret.
            return (false, "no response")
        }
    }
}
