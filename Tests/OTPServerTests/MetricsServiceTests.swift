// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Dispatch
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OTPServer
import Testing

/// Tests of the server that exports metrics.
@Suite(.timeLimit(.minutes(2))) struct MetricsServiceTests {
    @Test func listenerServesOnlyTheMetrics() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let service = MetricsHTTPService(
            host: "127.0.0.1",
            port: 0,
            mediaType: "text/plain; version=0.0.4",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            text: { "a 1\n" },
            onServerRunning: { continuation.yield($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            func status(_ path: String, _ change: (inout HTTPClientRequest) -> Void = { _ in }) async throws -> Int {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
                change(&request)
                return Int(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status.code)
            }
            let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/metrics")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            #expect(response.status == .ok)
            #expect(response.headers.first(name: "content-type") == "text/plain; version=0.0.4")
            #expect(String(buffer: try await response.body.collect(upTo: 100)) == "a 1\n")
            #expect(try await status("/v1/verifications") { $0.method = .POST } == 404)
            #expect(try await status("/livez") == 404)
            #expect(try await status("/metrics") { $0.method = .POST } == 405)
            #expect(try await status("/metrics") { $0.method = .HEAD } == 200)
        }
    }

    @Test func aSlowTextDelaysNoEventLoopOfOtherServers() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let end = DispatchSemaphore(value: 0)
        let service = MetricsHTTPService(
            host: "127.0.0.1",
            port: 0,
            mediaType: "text/plain",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            text: {
                started.yield()
                // Blocks the thread, like reading a file.
                end.wait()
                return "a 1\n"
            },
            onServerRunning: { continuation.yield($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/metrics")
            async let response = HTTPClient.shared.execute(request, timeout: .seconds(60))
            // A failed check must not leave the thread blocked.
            defer { end.signal() }
            _ = await starts.first { _ in true }
            // Every event loop of the public listeners still runs tasks.
            for eventLoop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
                try await eventLoop.submit {}.get()
            }
            end.signal()
            #expect(try await response.status == .ok)
        }
    }

    @Test func publicListenerHasNoMetrics() async throws {
        try await TestServer.run { server async throws in
            #expect(try await server.send(.GET, "/metrics").summary == "404 not-found")
        }
    }
}
