// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that violates HTTP in configurable ways.
final class MisbehavingServer: Sendable {
    /// The behavior for one request.
    enum Behavior: Sendable {
        /// Accepts the connection, but reads nothing.
        case hangBeforeReading
        /// Reads the request, but does not respond.
        case hangAfterReading
        /// Reads the request, and closes the connection.
        case closeAfterReading
        /// Writes bytes, and leaves the connection open.
        case respond(String)
        /// Writes bytes, and closes the connection.
        case respondAndClose(String)
    }

    let port: Int
    private let log: Log

    private init(port: Int, log: Log) {
        self.port = port
        self.log = log
    }

    /// The number of received requests.
    var requestCount: Int { self.log.heads.withLock { $0.count } }

    /// The received requests as text.
    var requestHeads: [String] { self.log.heads.withLock { $0 } }

    var url: String { "http://127.0.0.1:\(self.port)" }

    final class Log: Sendable {
        let heads = Mutex<[String]>([])
    }

    /// Runs a closure with a server, which repeats the last behavior for all further requests.
    static func with<Result: Sendable>(
        _ behaviors: [Behavior],
        body: (MisbehavingServer) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let readsNothing = if case .hangBeforeReading = behaviors[0] { true } else { false }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: !readsNothing)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(behaviors: behaviors, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let server = MisbehavingServer(port: channel.localAddress?.port ?? 0, log: log)
        return try await closing(with: { try await channel.close() }) { try await body(server) }
    }

    /// Returns a port on which no server listens.
    static func closedPort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let behaviors: [Behavior]
        let log: Log
        var received = ""

        init(behaviors: [Behavior], log: Log) {
            self.behaviors = behaviors
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            self.received += String(buffer: bytes)
            // If the request is a TLS handshake, its end cannot be recognized.
            let isPlain = self.received.hasPrefix("POST")
            guard !isPlain || Self.isWhole(self.received) else { return }
            let head = self.received
            self.received = ""
            let index = self.log.heads.withLock { heads in
                heads.append(head)
                return heads.count - 1
            }
            switch self.behaviors[min(index, self.behaviors.count - 1)] {
            case .hangBeforeReading, .hangAfterReading:
                break
            case .closeAfterReading:
                context.close(promise: nil)
            case .respond(let text):
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .respondAndClose(let text):
                let channel = context.channel
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)))
                    .whenComplete { _ in channel.close(promise: nil) }
            }
        }

        /// Returns whether a text contains the head and the whole body of a request.
        private static func isWhole(_ request: String) -> Bool {
            guard let end = request.range(of: "\r\n\r\n") else { return false }
            let length = request[..<end.lowerBound].lowercased().split(separator: "\r\n")
                .first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) }
            return request[end.upperBound...].utf8.count >= length ?? 0
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    /// Returns an HTTP response with a body.
    static func http(_ status: String, _ body: String, headers: String = "") -> String {
        "HTTP/1.1 \(status)\r\ncontent-type: application/json\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
