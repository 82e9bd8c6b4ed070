// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPConnections

/// Tests that a request in the body of another request is never served.
///
/// A proxy and the server must agree about the end of each request. In these texts, some servers find the end of the first
/// request too early or too late.
@Suite struct SmugglingTests {
    private static let hidden = "GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n"

    /// Returns a `POST` request with header fields, and with bytes after its headers.
    private static func post(_ fields: String..., body: String) -> String {
        "POST /first HTTP/1.1\r\nhost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    private static let chunked = "0\r\n\r\n" + Self.hidden

    static let rejected: [String: String] = [
        "CL.TE": Self.post("content-length: 6", "transfer-encoding: chunked", body: Self.chunked),
        "TE.CL": Self.post("transfer-encoding: chunked", "content-length: 4", body: "21\r\n\(Self.hidden)0\r\n\r\n"),
        "TE.TE": Self.post("transfer-encoding: chunked", "transfer-encoding: x", body: Self.chunked),
        "xchunked": Self.post("transfer-encoding: xchunked", body: Self.chunked),
        "chunked, identity": Self.post("transfer-encoding: chunked, identity", body: Self.chunked),
        "vertical tab": Self.post("transfer-encoding: \u{0B}chunked", body: Self.chunked),
        "quoted chunked": Self.post("transfer-encoding: \"chunked\"", body: Self.chunked),
        "space before the colon": Self.post("transfer-encoding : chunked", body: Self.chunked),
        "space in the length": Self.post("content-length: 1 0", body: Self.hidden),
        "sign": Self.post("content-length: +0", body: Self.hidden),
        "negative": Self.post("content-length: -1", body: Self.hidden),
        "hexadecimal": Self.post("content-length: 0x0", body: Self.hidden),
        "overflow": Self.post("content-length: 18446744073709551616", body: Self.hidden),
        "empty length": Self.post("content-length:", body: Self.hidden),
        "two lengths": Self.post("content-length: 0", "content-length: 33", body: Self.hidden),
        "two equal lengths": Self.post("content-length: 0", "content-length: 0", body: Self.hidden),
        "list of lengths": Self.post("content-length: 0, 0", body: Self.hidden),
        "obs-fold of the length": Self.post("content-length: 1", " 0", body: Self.hidden),
        "obs-fold of the encoding": Self.post("transfer-encoding:", " chunked", body: Self.chunked),
        "obs-fold of the first field": Self.post("x: y", "\ttransfer-encoding: chunked", body: Self.chunked),
        "NUL in a name": Self.post("content-length\0: 0", body: Self.hidden),
        "NUL in a value": Self.post("content-length: 0\0", body: Self.hidden),
        "CR in a value": Self.post("x: y\rtransfer-encoding: chunked", body: Self.chunked),
        "LF after a field": Self.post("x: y\ntransfer-encoding: chunked", body: Self.chunked),
        "LF after the headers": "POST / HTTP/1.1\nhost: a\ncontent-length: 0\n\n" + Self.hidden,
        "no colon": Self.post("content-length 33", body: Self.hidden),
        "chunk: sign": Self.post("transfer-encoding: chunked", body: "+0\r\n\r\n" + Self.hidden),
        "chunk: 0x": Self.post("transfer-encoding: chunked", body: "0x0\r\n\r\n" + Self.hidden),
        "chunk: space before the size": Self.post("transfer-encoding: chunked", body: " 0\r\n\r\n" + Self.hidden),
        "chunk: space after the size": Self.post("transfer-encoding: chunked", body: "0 \r\n\r\n" + Self.hidden),
        "chunk: overflow": Self.post(
            "transfer-encoding: chunked",
            body: "10000000000000000\r\n\r\n" + Self.hidden
        ),
        "chunk: LF after the size": Self.post("transfer-encoding: chunked", body: "0\n\r\n" + Self.hidden),
        "chunk: LF in an extension": Self.post("transfer-encoding: chunked", body: "0;x\n\r\n" + Self.hidden),
        "chunk: CR in an extension": Self.post("transfer-encoding: chunked", body: "0;x\rx\r\n\r\n" + Self.hidden),
        "chunk: no line break after the data": Self.post(
            "transfer-encoding: chunked",
            body: "1\r\nxx0\r\n\r\n" + Self.hidden
        ),
        "chunk: LF after the data": Self.post("transfer-encoding: chunked", body: "1\r\nx\n0\r\n\r\n" + Self.hidden),
        "length in a trailer": Self.post(
            "transfer-encoding: chunked",
            body: "0\r\ncontent-length: 33\r\n\r\n" + Self.hidden
        ),
        "HTTP/1.0 with chunks": "POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + Self.chunked,
    ]

    static let accepted: [String: (text: String, uris: [String])] = [
        "body of GET": ("GET /first HTTP/1.1\r\nhost: a\r\ncontent-length: 33\r\n\r\n" + Self.hidden, ["/first"]),
        "body of POST": (Self.post("content-length: 33", body: Self.hidden), ["/first"]),
        "chunk": (Self.post("transfer-encoding: chunked", body: "21\r\n\(Self.hidden)\r\n0\r\n\r\n"), ["/first"]),
        "leading zeros": (
            Self.post("transfer-encoding: chunked", body: "021\r\n\(Self.hidden)\r\n00\r\n\r\n"), ["/first"]
        ),
        "chunk extension": (
            Self.post("transfer-encoding: chunked", body: "21;a=\"b\"\r\n\(Self.hidden)\r\n0\r\n\r\n"), ["/first"]
        ),
        "pipelined": (Self.post("content-length: 0", body: Self.hidden), ["/first", "/hidden"]),
    ]

    /// Returns the paths of the received requests, and the bytes that the server sends without a response.
    private static func receive(_ text: String, inPiecesOf size: Int) throws -> (
        uris: [String], output: String, isOpen: Bool
    ) {
        let connection = try EmbeddedChannel.guarded()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) where connection.isActive {
            // A closed connection refuses further bytes.
            _ = try? connection.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
        }
        var uris: [String] = []
        var isComplete = true
        while let part = try connection.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                uris.append(head.uri)
                isComplete = false
            case .body: break
            case .end: isComplete = true
            }
        }
        var output = ""
        while let buffer = try connection.readOutbound(as: ByteBuffer.self) { output += String(buffer: buffer) }
        return (isComplete ? uris : uris.dropLast(), output, connection.isActive)
    }

    @Test(arguments: Self.rejected.keys.sorted())
    func anAmbiguousRequestIsRejected(name: String) throws {
        let text = try #require(Self.rejected[name])
        for size in [1, 7, 1 << 16] {
            let (uris, output, isOpen) = try Self.receive(text, inPiecesOf: size)
            #expect(!uris.contains("/hidden"))
            #expect(uris.isEmpty, "served: \(uris)")
            #expect(output.hasPrefix("HTTP/1.1 400"), "\(output)")
            #expect(!isOpen)
        }
    }

    @Test(arguments: Self.accepted.keys.sorted())
    func anUnambiguousRequestEndsWhereItsFramingSays(name: String) throws {
        let (text, expected) = try #require(Self.accepted[name])
        for size in [1, 7, 1 << 16] {
            let (uris, output, isOpen) = try Self.receive(text, inPiecesOf: size)
            #expect(uris == expected && output == "" && isOpen)
        }
    }

    @Test(arguments: ["connection: upgrade", "connection: close", "connection: Close", "CONNECT", "HTTP/1.0"])
    func noRequestIsServedAfterTheLastOne(kind: String) throws {
        let method = kind == "CONNECT" ? "CONNECT a:1" : "GET /first"
        let version = kind == "HTTP/1.0" ? kind : "HTTP/1.1"
        let field = kind.hasPrefix("connection") ? kind + "\r\nupgrade: h2c" : "x: y"
        let text = "\(method) \(version)\r\nhost: a:1\r\n\(field)\r\n\r\n"
        let connection = try EmbeddedChannel.guarded()
        try connection.writeInbound(ByteBuffer(string: text + Self.hidden))
        try connection.writeInbound(ByteBuffer(string: Self.hidden))
        guard case .head(let head) = try connection.readInbound(as: HTTPServerRequestPart.self) else {
            Issue.record("no request")
            return
        }
        #expect(head.headers["connection"] == ["close"])
        guard case .end = try connection.readInbound(as: HTTPServerRequestPart.self) else {
            Issue.record("no end")
            return
        }
        #expect(try connection.readInbound(as: HTTPServerRequestPart.self) == nil)
        try connection.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
        let response = try #require(try connection.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: response).lowercased().contains("connection: close\r\n"))
    }

    @Test func bytesAfterTheLastRequestReachNoDecoder() throws {
        let connection = try EmbeddedChannel.guarded()
        let counter = ByteCounter()
        let observer = try connection.pipeline.syncOperations.context(handlerType: ByteObserver.self).handler
        try connection.pipeline.syncOperations.addHandler(counter, position: .after(observer))
        let head = "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"
        try connection.writeInbound(ByteBuffer(string: head))
        #expect(counter.count == head.utf8.count)
        try connection.writeInbound(ByteBuffer(repeating: 0x58, count: ByteObserver.maximumDroppedBytes))
        #expect(counter.count == head.utf8.count && connection.isActive)
        try connection.writeInbound(ByteBuffer(string: "X"))
        #expect(counter.count == head.utf8.count && !connection.isActive)
    }
}

/// Counts the bytes that pass.
private final class ByteCounter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private(set) var count = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.count += self.unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }
}

extension EmbeddedChannel {
    /// Returns a connection with a guard and a manual clock.
    static func guarded(
        idle: IdleList? = nil,
        isFull: @escaping () -> Bool = { false }
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false
        )
        let rules = ConnectionRules(idle: .seconds(60), head: .seconds(10), body: .seconds(30), write: .seconds(20))
        try ConnectionGuard.add(rules, idle: idle, isFull: isFull, to: channel)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }
}
