// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hiredis
import HummingbirdCore
import Logging
import LoopbackConnection
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import HTTPConnections

@Suite(.timeLimit(.minutes(1))) struct RequestChannelTests {
    private struct BodyError: Error {}

    /// Timeouts that are longer than the time limit of a test.
    private static let rules = ConnectionRules(
        idle: .seconds(600),
        head: .seconds(600),
        body: .seconds(600),
        write: .seconds(600)
    )

    /// Runs a server while a closure executes.
    private static func withServer(
        _ responder: @escaping RequestChannel.Responder,
        _ body: (_ port: Int) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let channel = RequestChannel(Self.rules, executor: { EventLoopTaskExecutor($0) }, responder: responder)
        let server = channel.server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let port = try #require(await ports.first { _ in true })
            try await body(port)
            group.cancelAll()
        }
    }

    /// Returns the response to one request, whose connection ends afterwards.
    private static func response(_ response: Response, method: String = "GET") async throws -> String {
        var text = ""
        try await Self.withServer { _, _ in
            response
        } _: { port in
            text = try await LoopbackConnection.exchange(
                "\(method) / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
                port: port
            )
        }
        return text
    }

    @Test func aTaskOfARequestRunsOnTheEventLoopOfItsConnection() async throws {
        try await Self.withServer { _, channel in
            Response(
                status: .ok,
                body: ResponseBody(byteBuffer: ByteBuffer(string: "\(channel.eventLoop.inEventLoop)"))
            )
        } _: { port in
            let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            let response = try await LoopbackConnection.exchange(request, port: port)
            #expect(response.hasSuffix("\r\n\r\ntrue"))
        }
    }

    @Test(arguments: [
        ResponseBody(byteBuffer: ByteBuffer(string: "x")), ResponseBody(), ResponseBody { try await $0.finish(nil) },
    ])
    func aResponseOfTheResponderHasOneDate(body: ResponseBody) async throws {
        let response = try await Self.response(Response(status: .ok, body: body))
        let dates = response.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("date: ") }
        #expect(dates.count == 1 && dates.first?.hasSuffix(" GMT") == true)
    }

    @Test func theSendBufferOfAConnectionIsLimited() async throws {
        try await Self.withServer { _, channel in
            let size = try? await channel.getOption(.socketOption(.so_sndbuf)).get()
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(size ?? -1)")))
        } _: { port in
            let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            let response = try await LoopbackConnection.exchange(request, port: port)
            let size = response.split(separator: "\r\n\r\n").last.flatMap { Int($0) } ?? -1
            // Linux allocates twice the requested size, for its own records (socket(7)).
            #if os(Linux)
                #expect((1...2 * ConnectionGuard.sendBufferSize).contains(size))
            #else
                #expect((1...ConnectionGuard.sendBufferSize).contains(size))
            #endif
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await Self.withServer { request, _ in
            let body = try? await request.body.collect(upTo: 100_000)
            let text = "\(request.uri.path) \(body?.readableBytes ?? -1);"
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        } _: { port in
            var requests = ""
            for (position, size) in [0, 10, 4096, 4097, 60_000, 1].enumerated() {
                let end = position == 5 ? "connection: close\r\n" : ""
                requests += "POST /\(position) HTTP/1.1\r\nhost: a\r\n\(end)content-length: \(size)\r\n\r\n"
                requests += String(repeating: "x", count: size)
            }
            let responses = try await LoopbackConnection.exchange(requests, port: port)
            let bodies = responses.split(separator: ";").compactMap { $0.split(separator: "\r\n\r\n").last }
            #expect(bodies == ["/0 0", "/1 10", "/2 4096", "/3 4097", "/4 60000", "/5 1"])
        }
    }

    @Test func aClientThatStillSendsReadsTheLastResponse() async throws {
        try await Self.withServer { _, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "last")))
        } _: { port in
            let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            let rest = String(repeating: "x", count: 50_000)
            let response = try await LoopbackConnection.exchange(request + rest, port: port)
            #expect(response.hasSuffix("last"))
        }
    }

    @Test func aClientThatDoesNotReadStopsItsRequests() async throws {
        let count = Mutex(0)
        try await Self.withServer { _, _ in
            count.withLock { $0 += 1 }
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0, count: 20_000)))
        } _: { port in
            let requests = ByteBuffer(string: String(repeating: "GET / HTTP/1.1\r\nhost: a\r\n\r\n", count: 5000))
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .connect(host: "127.0.0.1", port: port).get()
            client.writeAndFlush(requests, promise: nil)
            var (previous, unchanged) = (0, 0)
            while unchanged < 20 {
                try await Task.sleep(for: .milliseconds(20))
                let current = count.withLock { $0 }
                unchanged = current > 0 && current == previous ? unchanged + 1 : 0
                previous = current
            }
            // The buffers of both systems take a few megabytes.
            #expect(previous < 1000)
            try await client.close()
        }
    }

    @Test(arguments: [100, 1_000_000])
    func aClientThatDoesNotReadDoesNotDelayACancelledServer(size: Int) async throws {
        let (calls, continuation) = AsyncStream.makeStream(of: Void.self)
        try await Self.withServer { _, _ in
            continuation.yield()
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0, count: size)))
        } _: { port in
            let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelOption(.autoRead, value: false)
                .connect(host: "127.0.0.1", port: port).get()
            let requests = String(repeating: "GET / HTTP/1.1\r\nhost: a\r\n\r\n", count: 50)
            client.writeAndFlush(ByteBuffer(string: requests), promise: nil)
            _ = await calls.first { _ in true }
        }
    }

    @Test func aBodyWithAnotherLengthClosesTheConnection() async throws {
        let body = ResponseBody(contentLength: 10) { writer in
            try await writer.write(ByteBuffer(string: "part"))
            try await writer.finish(nil)
        }
        #expect(try await Self.response(Response(status: .ok, body: body)).isEmpty)
    }

    @Test func aBodyThatTheRouteDoesNotReadIsDropped() async throws {
        try await Self.withServer { request, _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(request.uri.path);")))
        } _: { port in
            let body = String(repeating: "x", count: 2_000_000)
            let large = "POST /large HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
            let next = "GET /next HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            let responses = try await LoopbackConnection.exchange(large + next, port: port)
            #expect(responses.contains("/large;") && responses.hasSuffix("/next;"))
        }
    }

    @Test func aBodyOfUnknownLengthIsChunked() async throws {
        let body = ResponseBody { writer in
            for part in ["first", "second"] { try await writer.write(ByteBuffer(string: part)) }
            try await writer.finish(nil)
        }
        let text = try await Self.response(Response(status: .ok, body: body))
        #expect(text.contains("transfer-encoding: chunked"))
        #expect(text.hasSuffix("\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"))
    }

    @Test(arguments: [1, 65_536, 65_537, 1_000_000])
    func aBodyOfAnySizeIsComplete(size: Int) async throws {
        let bytes = ByteBuffer(repeating: UInt8(ascii: "x"), count: size)
        let text = try await Self.response(Response(status: .ok, body: ResponseBody(byteBuffer: bytes)))
        #expect(text.lowercased().contains("content-length: \(size)\r\n"))
        #expect(text.utf8.reversed().prefix { $0 == UInt8(ascii: "x") }.count == size)
    }

    @Test(arguments: [HTTPResponse.Status.noContent, .notModified, .ok])
    func aResponseWithoutABodyHasNoBytesAfterItsHead(status: HTTPResponse.Status) async throws {
        let text = try await Self.response(Response(status: status))
        #expect(text.hasPrefix("HTTP/1.1 \(status.code) ") && text.hasSuffix("\r\n\r\n"), "\(text)")
        #expect(text.lowercased().contains("content-length") == (status == .ok), "\(text)")
    }

    @Test(arguments: [nil, 10])
    func aBodyThatFailsClosesTheConnection(length: Int?) async throws {
        let body = ResponseBody(contentLength: length) { writer in
            try await writer.write(ByteBuffer(string: "part"))
            throw BodyError()
        }
        let text = try await Self.response(Response(status: .ok, body: body))
        #expect(length == nil ? text.hasSuffix("\r\n\r\n4\r\npart\r\n") : text.isEmpty, "\(text)")
    }
}
