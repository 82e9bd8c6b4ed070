// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPConnections

@Suite(.timeLimit(.minutes(1))) struct RequestHandlerTests {
    /// Counts the reads that reach the socket.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func read(context: ChannelHandlerContext) {
            self.count += 1
            context.read()
        }
    }

    private static let get = "GET /first HTTP/1.1\r\nhost: a\r\n\r\n"
    private static let date = "Mon, 30 Nov 2026 10:00:00 GMT"

    private let channel = EmbeddedChannel()
    private let reads = ReadCounter()
    private let handler: RequestHandler

    init() throws {
        let pipeline = self.channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
        let rules = ConnectionRules(idle: .seconds(60), head: .seconds(10), body: .seconds(30), write: .seconds(20))
        self.handler = RequestHandler(try ConnectionGuard.add(rules, to: self.channel))
        try pipeline.addHandler(self.handler)
        try pipeline.addHandler(self.reads, position: .first)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ text: String) throws { try self.channel.writeInbound(ByteBuffer(string: text)) }

    private func respond(_ text: String) {
        let fields: HTTPFields = [.contentLength: "\(text.utf8.count)", .contentType: "text/plain"]
        let response = HTTPResponse(status: .unprocessableContent, headerFields: fields)
        self.handler.write(response, ByteBuffer(string: text), date: Self.date)
    }

    private func written() throws -> String {
        var text = ""
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    private var readsReachTheSocket: Bool {
        let count = self.reads.count
        self.channel.read()
        return self.reads.count > count
    }

    // MARK: Requests

    @Test(arguments: ["", "content-length: 0\r\n"])
    func aRequestWithoutABodyIsComplete(field: String) throws {
        try self.receive("GET /first?a=b HTTP/1.1\r\nhost: a\r\n\(field)\r\n")
        let request = try #require(self.handler.nextRequest())
        #expect(request.method == .get && request.uri.path == "/first" && request.uri.query == "a=b")
        #expect(request.head.authority == "a")
    }

    @Test(arguments: ["http://a/first?a=b", "HTTP://A/first?a=b"])
    func aTargetInAbsoluteFormHasThePathOfTheURL(target: String) throws {
        try self.receive("GET \(target) HTTP/1.1\r\nhost: a\r\n\r\n")
        #expect(try #require(self.handler.nextRequest()).head.path == "/first?a=b")
    }

    @Test(arguments: [1, RequestHandler.maximumBufferedBody])
    func aSmallBodyIsPassedOnWhenItIsComplete(size: Int) async throws {
        try self.receive("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: \(size)\r\n\r\n")
        for _ in 0..<size {
            #expect(self.handler.nextRequest() == nil)
            try self.receive("x")
        }
        let request = try #require(self.handler.nextRequest())
        #expect(try await request.body.collect(upTo: size).readableBytes == size)
    }

    @Test(arguments: [
        "content-length: \(RequestHandler.maximumBufferedBody + 1)", "transfer-encoding: chunked",
        "content-length: 5\r\nexpect: 100-continue",
    ])
    func anyOtherBodyIsPassedOnWhileItArrives(field: String) throws {
        try self.receive("POST / HTTP/1.1\r\nhost: a\r\n\(field)\r\n\r\n")
        #expect(self.handler.nextRequest() != nil)
    }

    // MARK: Reading

    @Test func aRequestThatWaitsStopsTheReading() throws {
        #expect(self.readsReachTheSocket)
        try self.receive(Self.get + Self.get)
        #expect(!self.readsReachTheSocket)
        #expect(self.handler.nextRequest() != nil)
        #expect(!self.readsReachTheSocket)
        let count = self.reads.count
        #expect(self.handler.nextRequest() != nil)
        #expect(self.reads.count == count + 1, "the delayed read continues")
    }

    @Test func aBodyThatNobodyReadsStopsTheReading() throws {
        try self.receive("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n")
        var request = self.handler.nextRequest()
        var parts = 0
        while self.readsReachTheSocket, parts < 100 {
            try self.receive("part")
            parts += 1
        }
        #expect((1..<10).contains(parts) && request != nil)
        let count = self.reads.count
        // Without a reader, the rest of the body is dropped.
        request = nil
        self.channel.embeddedEventLoop.run()
        #expect(self.reads.count == count + 1)
        for _ in 0..<20 { try self.receive("part") }
        #expect(self.readsReachTheSocket)
    }

    // MARK: Responses

    @Test func aResponseHasItsFieldsAndItsBody() throws {
        try self.receive(Self.get)
        _ = self.handler.nextRequest()
        self.respond("wrong")
        let lines = [
            "HTTP/1.1 422 Unprocessable Entity", "Content-Length: 5", "Content-Type: text/plain", "Date: \(Self.date)",
            "",
            "wrong",
        ]
        #expect(try self.written() == lines.joined(separator: "\r\n"))
        #expect(self.channel.isActive)
    }

    @Test(arguments: ["HTTP/1.0\r\nhost: a", "HTTP/1.1\r\nhost: a\r\nconnection: close"])
    func theLastResponseAnnouncesTheEnd(version: String) throws {
        try self.receive("GET / \(version)\r\n\r\n")
        _ = self.handler.nextRequest()
        self.respond("bye")
        #expect(try self.written().hasSuffix("connection: close\r\n\r\nbye"))
        #expect(!self.channel.isActive)
    }

    @Test func responsesOfEarlierRequestsDoNotEndTheConnection() throws {
        try self.receive(Self.get + "GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        for body in ["first", "last"] {
            #expect(self.channel.isActive)
            _ = self.handler.nextRequest()
            self.respond(body)
            #expect(try self.written().hasSuffix("\r\n\r\n\(body)"))
        }
        #expect(!self.channel.isActive)
    }

    @Test func aClientThatDoesNotReadStopsTheResponses() async throws {
        var isResumed = false
        self.channel.isWritable = false
        await withCheckedContinuation { continuation in
            self.handler.waitUntilWritable(continuation)
            self.channel.pipeline.fireChannelWritabilityChanged()
            self.channel.isWritable = true
            isResumed = true
            self.channel.pipeline.fireChannelWritabilityChanged()
        }
        #expect(isResumed)
    }

    @Test func aClosedConnectionDoesNotWaitForItsClient() async throws {
        self.channel.isWritable = false
        await withCheckedContinuation { continuation in
            self.handler.waitUntilWritable(continuation)
            self.channel.close(promise: nil)
        }
    }

    // MARK: The end of the connection

    @Test func aServerThatShutsDownClosesAnIdleConnection() throws {
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!self.channel.isActive)
    }

    @Test func aServerThatShutsDownCompletesAllRequests() throws {
        try self.receive(Self.get + Self.get)
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        for body in ["first", "second"] {
            #expect(self.channel.isActive && self.handler.nextRequest() != nil)
            self.respond(body)
        }
        #expect(!self.channel.isActive)
        #expect(try self.written().hasSuffix("second"))
    }

    @Test func aClientThatSendsNothingMoreReceivesItsResponse() throws {
        try self.receive(Self.get)
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(self.channel.isActive && self.handler.nextRequest() != nil)
        self.respond("response")
        #expect(try self.written().hasSuffix("response"))
        #expect(!self.channel.isActive)
    }

    @Test func anIncompleteRequestDoesNotKeepTheConnectionOpen() throws {
        try self.receive("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab")
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(self.handler.nextRequest() == nil)
        #expect(!self.channel.isActive)
    }

    @Test func anIncompleteBodyFails() async throws {
        try self.receive("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5000\r\n\r\nab")
        let request = try #require(self.handler.nextRequest())
        self.channel.pipeline.fireChannelInactive()
        await #expect(throws: ChannelError.eof) { try await request.body.collect(upTo: 5000) }
    }
}
