// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPConnections

/// A connection whose clock the test advances.
private struct TestConnection {
    let channel = EmbeddedChannel()

    init() throws {
        try self.channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false
        )
        let rules = ConnectionRules(
            idle: .seconds(60),
            head: .seconds(10),
            body: .seconds(30),
            write: .seconds(20),
            rejection: { ("text/plain", Array("rejected with \($0.code)".utf8)) }
        )
        try ConnectionGuard.add(rules, to: self.channel)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    var isOpen: Bool { self.channel.isActive }

    func read(_ text: String) throws { try self.channel.writeInbound(ByteBuffer(string: text)) }

    func advance(_ seconds: Int64) { self.channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

    func respond(_ status: HTTPResponseStatus = .ok) throws {
        try self.channel.writeOutbound(
            HTTPServerResponsePart.head(.init(version: .http1_1, status: status, headers: ["content-length": "0"]))
        )
        try self.channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    /// Returns the text that was written since the last call.
    func written() throws -> String {
        var text = ""
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    /// Returns the number of request parts that the server received since the last call.
    func parts() throws -> Int {
        var count = 0
        while try self.channel.readInbound(as: HTTPServerRequestPart.self) != nil { count += 1 }
        return count
    }
}

/// Counts the errors that reach the end of a pipeline.
private final class ErrorCounter: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private(set) var count = 0

    func errorCaught(context: ChannelHandlerContext, error: any Error) { self.count += 1 }
}

@Suite struct ConnectionGuardTests {
    private static let head = "HEAD / HTTP/1.1\r\nhost: localhost\r\n\r\n"
    private static let request = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"
    private static let upload = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n"

    @Test func anIdleConnectionIsClosed() throws {
        let connection = try TestConnection()
        connection.advance(59)
        #expect(connection.isOpen)
        connection.advance(1)
        #expect(!connection.isOpen)
        #expect(try connection.written() == "")
    }

    @Test(arguments: ["G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: localhost\r\n", "\r\nG"])
    func anIncompleteHeadTimesOut(text: String) throws {
        let connection = try TestConnection()
        connection.advance(55)
        try connection.read(text)
        connection.advance(9)
        #expect(connection.isOpen)
        connection.advance(1)
        #expect(!connection.isOpen)
        #expect(try connection.written().hasPrefix("HTTP/1.1 408"))
    }

    /// A comparison of texts with many combining marks takes quadratic time.
    @Test(arguments: ["GET /\u{301} HTTP/1.1\r\nhost: a\r\n", "GET / HTTP/1.1\r\nhost: a\r\nx: \(Self.marks(129))\r\n"])
    func textThatIsSlowToCompareIsRejected(head: String) throws {
        let connection = try TestConnection()
        try connection.read(head + "\r\n")
        #expect(try connection.written().hasPrefix("HTTP/1.1 400"))
        #expect(try connection.parts() == 0 && !connection.isOpen)
    }

    @Test func headerFieldsWithSomeTextOutsideASCIIAreAccepted() throws {
        let connection = try TestConnection()
        let field = Self.marks(RequestHeadCheck.maximumNonASCIIBytes / 2)
        try connection.read("GET / HTTP/1.1\r\nhost: a\r\nx: \(field)\r\ny: S\u{E3}o Paulo\r\n\r\n")
        #expect(try connection.parts() == 2)
    }

    /// Returns combining marks of two bytes each.
    private static func marks(_ count: Int) -> String { String(repeating: "\u{301}", count: count) }

    @Test func aHeadInSingleBytesDoesNotExtendTheTimeout() throws {
        let connection = try TestConnection()
        for character in Self.request.prefix(10) {
            try connection.read(String(character))
            connection.advance(1)
        }
        #expect(!connection.isOpen)
    }

    @Test func aBodyInSingleBytesDoesNotExtendTheTimeout() throws {
        let connection = try TestConnection()
        try connection.read(Self.upload)
        for _ in 0..<9 {
            try connection.read("x")
            connection.advance(3)
        }
        #expect(connection.isOpen)
        connection.advance(3)
        #expect(!connection.isOpen)
        #expect(try connection.written().hasPrefix("HTTP/1.1 408"))
    }

    @Test func aBodyThatTimesOutAfterTheResponseHeadClosesTheConnection() throws {
        let connection = try TestConnection()
        try connection.read(Self.upload)
        try connection.channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
        _ = try connection.written()
        connection.advance(30)
        #expect(!connection.isOpen)
        #expect(try !connection.written().contains("408"))
    }

    @Test func aSlowResponseDoesNotTimeOut() throws {
        let connection = try TestConnection()
        try connection.read(Self.request)
        connection.advance(3600)
        #expect(connection.isOpen)
        try connection.respond()
        connection.advance(59)
        #expect(connection.isOpen)
        try connection.read(Self.request)
        connection.advance(3600)
        try connection.respond()
        connection.advance(60)
        #expect(!connection.isOpen)
    }

    @Test func pipelinedRequestsGetResponsesBeforeAnIncompleteHeadTimesOut() throws {
        let connection = try TestConnection()
        try connection.read(Self.request + Self.request + "GET /")
        connection.advance(600)
        #expect(connection.isOpen)
        try connection.respond()
        connection.advance(600)
        #expect(connection.isOpen)
        try connection.respond()
        _ = try connection.written()
        // After both responses, the timeout applies to the incomplete third head.
        connection.advance(9)
        #expect(connection.isOpen)
        connection.advance(1)
        #expect(!connection.isOpen)
        #expect(try connection.written().hasPrefix("HTTP/1.1 408"))
    }

    @Test func aBodyBehindAnEarlierRequestTimesOutAfterTheEarlierResponse() throws {
        let connection = try TestConnection()
        let body = "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\na"
        try connection.read("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n" + body)
        connection.advance(31)
        #expect(connection.isOpen, "the server may have stopped reading")
        try connection.respond()
        connection.advance(29)
        #expect(connection.isOpen)
        connection.advance(2)
        #expect(try connection.written().contains("rejected with 408"))
        #expect(!connection.isOpen)
    }

    @Test(arguments: ["\r\n", "\n", "\r", "\r\n\r\n"])
    func lineBreaksAfterARequestDoNotStartAHead(text: String) throws {
        for isSameSegment in [true, false] {
            let connection = try TestConnection()
            try connection.read(Self.upload + "0123456789" + (isSameSegment ? text : ""))
            try connection.respond()
            _ = try connection.written()
            if !isSameSegment { try connection.read(text) }
            connection.advance(59)
            #expect(connection.isOpen)
            connection.advance(1)
            #expect(!connection.isOpen)
            #expect(try connection.written() == "")
        }
    }

    @Test func lineBreaksDoNotExtendTheIdleTimeout() throws {
        let connection = try TestConnection()
        for _ in 0..<12 {
            try connection.read("\r\n")
            connection.advance(5)
        }
        #expect(!connection.isOpen)
        let other = try TestConnection()
        try other.read("\r\n")
        other.advance(30)
        try other.read("\r\n" + Self.request)
        #expect(try other.parts() == 2)
    }

    @Test(arguments: ["G", "GET / HTTP/1.1\r\n", "\r\nGET / HTTP/1.1\r\nhost: localhost\r\n", "P"])
    func aHeadInTheSegmentOfABodyHasTheTimeoutOfAHead(text: String) throws {
        for first in ["56789", "9", "0123456789"] {
            let connection = try TestConnection()
            try connection.read(Self.upload + "0123456789".dropLast(first.count))
            try connection.read(first + text)
            try connection.respond()
            _ = try connection.written()
            connection.advance(9)
            #expect(connection.isOpen)
            connection.advance(1)
            #expect(!connection.isOpen)
            #expect(try connection.written().hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test func anUnreadableRequestIsRejectedOnce() throws {
        let connection = try TestConnection()
        let counter = ErrorCounter()
        try connection.channel.pipeline.syncOperations.addHandler(counter)
        try connection.read("nonsense\r\n\r\nmore")
        let text = try connection.written()
        #expect(text.hasPrefix("HTTP/1.1 400") && text.hasSuffix("\r\n\r\nrejected with 400"))
        #expect(text.contains("content-length: 17\r\n") && text.contains("cache-control: no-store\r\n"))
        #expect(counter.count == 0 && !connection.isOpen)
    }

    @Test(arguments: [
        "HEAD / HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n", "\r\nHEAD / HTTP/1.1\r\nno colon\r\n\r\n",
        "HEAD / HTTP/1.1\r\nx: y\r\n\r\n", "HEAD / HTTP/1.1\r\nhost: a\r\nx: \(Self.marks(129))\r\n\r\n",
        "HEAD  HTTP/1.1\r\n\r\n",
    ])
    func theRejectionOfAHeadRequestHasNoBody(text: String) throws {
        let connection = try TestConnection()
        try connection.read(text)
        let rejection = try connection.written()
        #expect(rejection.hasPrefix("HTTP/1.1 400") && rejection.hasSuffix("\r\n\r\n"))
        #expect(rejection.contains("content-length: 17\r\n") && !connection.isOpen)
    }

    @Test func theRejectionOfAPipelinedHeadRequestHasNoBody() throws {
        let connection = try TestConnection()
        try connection.read(Self.request + "HEAD / HTTP/1.1\r\nx: y\r\n\r\n")
        try connection.respond()
        let text = try connection.written()
        #expect(text.contains("HTTP/1.1 400") && text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: ["HEAD / HTTP/1.1\r\n", "HEAD / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n"])
    func theRejectionOfASlowHeadRequestHasNoBody(text: String) throws {
        let connection = try TestConnection()
        try connection.read(text)
        connection.advance(30)
        let rejection = try connection.written()
        #expect(rejection.hasPrefix("HTTP/1.1 408") && rejection.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [
        [Self.head + "nonsense\r\n\r\n"], [Self.head, "GET / HTTP/1.1\r\nno colon\r\n\r\n"],
        [Self.head, "HEADX / HTTP/1.1\r\nno colon\r\n\r\n"],
    ])
    func theRejectionOfARequestAfterAHeadRequestHasABody(texts: [String]) throws {
        let connection = try TestConnection()
        for text in texts { try connection.read(text) }
        try connection.respond()
        #expect(try connection.written().hasSuffix("\r\n\r\nrejected with 400"))
    }

    @Test(arguments: ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nx: y\r\n\r\n"])
    func anUnreadableRequestIsRejectedAfterTheResponsesToEarlierOnes(text: String) throws {
        let connection = try TestConnection()
        try connection.read(Self.request + Self.request + text)
        #expect(try connection.parts() == 4)
        #expect(try connection.written() == "")
        try connection.respond()
        #expect(try connection.written().hasPrefix("HTTP/1.1 200"))
        #expect(connection.isOpen)
        try connection.respond()
        let rest = try connection.written()
        #expect(rest.hasPrefix("HTTP/1.1 200") && rest.hasSuffix("rejected with 400"))
        #expect(!connection.isOpen)
    }

    @Test func anUnreadableBodyIsRejected() throws {
        let connection = try TestConnection()
        try connection.read("POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
        #expect(try connection.written().hasPrefix("HTTP/1.1 400"))
        #expect(!connection.isOpen)
    }

    @Test func aBodyThatIsUnreadableAfterTheResponseClosesTheConnection() throws {
        let connection = try TestConnection()
        try connection.read("POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n")
        try connection.respond()
        #expect(try connection.written().hasPrefix("HTTP/1.1 200"))
        try connection.read("zz\r\n")
        #expect(try connection.written() == "")
        #expect(!connection.isOpen)
    }

    @Test func manyRequestsKeepAConnectionOpen() throws {
        let connection = try TestConnection()
        for _ in 0..<100 {
            try connection.read(Self.upload)
            connection.advance(25)
            try connection.read("0123456789")
            try connection.respond()
            connection.advance(50)
        }
        #expect(connection.isOpen)
    }

    @Test func aClientThatDoesNotReadTimesOut() throws {
        let connection = try TestConnection()
        try connection.read(Self.request)
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.advance(19)
        #expect(connection.isOpen)
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.advance(600)
        #expect(connection.isOpen)
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.advance(20)
        #expect(!connection.isOpen)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", "GET / HTTP/1.1\r\nhost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nhost: a\r\nHOST: b\r\n\r\n", "GET / HTTP/1.1\r\nx: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a, b\r\n\r\n", "GET / HTTP/1.1\r\nhost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: user@a\r\n\r\n", "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nhost: b\r\n\r\n",
        "POST http://a:1/x HTTP/1.1\r\nhost: a:2\r\ncontent-length: 1\r\n\r\nx",
    ])
    func aRequestWithoutExactlyOneHostIsRejected(text: String) throws {
        let connection = try TestConnection()
        try connection.read(text)
        #expect(try connection.written().hasPrefix("HTTP/1.1 400"))
        #expect(!connection.isOpen)
        #expect(try connection.parts() == 0)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nhost: localhost:80\r\n\r\n", "GET / HTTP/1.1\r\nhost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n", "GET http://a:1/x HTTP/1.1\r\nhost: A:1\r\n\r\n", "GET / HTTP/1.1\r\nhost:\r\n\r\n",
        "GET /?u=http://b/ HTTP/1.1\r\nhost: a\r\n\r\n", "GET / HTTP/1.1\r\nhost: a_b.example\r\n\r\n",
    ])
    func aRequestWithOneHostIsAccepted(text: String) throws {
        let connection = try TestConnection()
        try connection.read(text)
        #expect(try connection.parts() == 2)
        #expect(connection.isOpen)
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.min), .zero, .nanoseconds(1)])
    func everyTimeoutIsRepresentable(timeout: Duration) {
        #expect(NIODeadline.now().advanced(by: timeout) >= .uptimeNanoseconds(0))
    }
}
