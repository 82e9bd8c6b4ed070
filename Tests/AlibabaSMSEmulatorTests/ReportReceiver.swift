// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization
import Testing

/// A server that receives delivery reports and passes them to the handler of `AlibabaSMS`.
final class ReportReceiver: Sendable {
    /// A received push of delivery reports, and its number of duplicates.
    struct Push: Sendable {
        var reports: [DeliveryReport]
        var duplicateCount: Int
    }

    static let secret = "abcdefghijklmnop"

    let port: Int
    private let pushes: Pushes

    private final class Pushes: Sendable {
        let waiting = Mutex<[Push]>([])
    }

    private init(port: Int, pushes: Pushes) {
        self.port = port
        self.pushes = pushes
    }

    var url: String { "http://127.0.0.1:\(self.port)/hooks/\(Self.secret)" }

    /// Waits for the next push of delivery reports, and returns it.
    func next() async throws -> Push {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let push = self.pushes.waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return push }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw DeliveryTests.TimeIsUp()
    }

    /// Runs a closure with a server.
    ///
    /// - Parameters:
    ///   - responses: The statuses and bodies of the first responses, instead of the handler's responses.
    ///   - body: The closure to run.
    /// - Returns: The result of the closure.
    /// - Throws: The error of the closure or of the server.
    static func with<Result: Sendable>(
        responses: [(status: Int, body: String)] = [],
        _ body: (ReportReceiver) async throws -> Result
    ) async throws -> Result {
        let handler = try DeliveryReportHandler(secret: Self.secret)
        let pushes = Pushes()
        let (ports, portSink) = AsyncStream.makeStream(of: Int.self)
        let remaining = Mutex(responses)
        let router = Router()
        router.post("hooks/:secret") { request, _ in
            let path = request.uri.path
            let bytes = Array(try await request.body.collect(upTo: DeliveryReportPush.maximumSize).readableBytesView)
            if let response = remaining.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                let push = Push(reports: try DeliveryReportPush(bytes).reports, duplicateCount: 0)
                pushes.waiting.withLock { $0.append(push) }
                return Self.response(response.status, Array(response.body.utf8))
            }
            let response = await handler.handle(path: path, body: bytes) { _ in }
            let reports = try DeliveryReportPush(bytes).reports
            pushes.waiting.withLock { $0.append(Push(reports: reports, duplicateCount: response.duplicateCount)) }
            return Self.response(response.status, response.body)
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { portSink.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            let port = await ports.first { _ in true }
            return try await body(ReportReceiver(port: try #require(port), pushes: pushes))
        }
    }

    private static func response(_ status: Int, _ body: [UInt8]) -> Response {
        Response(
            status: .init(code: status),
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}
