// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A proxy that accepts CONNECT for every host, and connects to a single local port.
struct ConnectProxy: Sendable {
    /// The heads of the requests that the proxy received.
    final class Log: Sendable {
        let heads = Mutex<[String]>([])
    }

    /// The time at which the proxy interrupts a connection.
    enum Cut: Sendable, CaseIterable {
        case never
        /// Closes the connection after CONNECT.
        case onConnect
        /// Resets the connection after CONNECT.
        case resetOnConnect
        /// Closes the connection in the middle of the response to CONNECT.
        case amidResponse
        /// Responds to CONNECT with bytes that are not HTTP.
        case garbage
        /// Closes the connection after the first bytes for the target.
        case onFirstBytes
    }

    let port: Int
    private let log: Log

    /// The requested hosts and ports.
    var targets: [String] {
        self.log.heads.withLock { heads in
            heads.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
        }
    }

    /// The heads of the received requests.
    var heads: [String] { self.log.heads.withLock { $0 } }

    /// Runs a closure with a proxy.
    ///
    /// - Parameters:
    ///   - port: The local port of all connections.
    ///   - authorization: The required value of the header `proxy-authorization`; `nil` if the header is not required.
    ///   - cut: The time at which the proxy interrupts each connection.
    ///   - body: The closure to run.
    /// - Returns: The result of the closure.
    /// - Throws: An error of the closure or of the sockets.
    static func with<Result: Sendable>(
        to port: Int,
        authorization: String? = nil,
        cut: Cut = .never,
        body: (ConnectProxy) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = Handler(port: port, authorization: authorization, cut: cut, log: log)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let proxy = ConnectProxy(port: channel.localAddress?.port ?? 0, log: log)
        return try await closing(with: { try await channel.close() }) { try await body(proxy) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let port: Int
        let authorization: String?
        let cut: Cut
        let log: Log
        var head: String? = ""
        var peer: (any Channel)?

        init(port: Int, authorization: String?, cut: Cut, log: Log) {
            self.port = port
            self.authorization = authorization
            self.cut = cut
            self.log = log
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            guard let head = self.head else {
                if self.cut == .onFirstBytes {
                    context.close(promise: nil)
                    return
                }
                self.peer?.writeAndFlush(bytes, promise: nil)
                return
            }
            self.head = head + String(buffer: bytes)
            guard let head = self.head, head.hasSuffix("\r\n\r\n") else { return }
            self.head = nil
            self.log.heads.withLock { $0.append(head) }
            let header = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("proxy-authorization:") }
            let value = header?.drop { $0 != " " }.dropFirst()
            guard self.authorization == nil || value.map(String.init) == self.authorization else {
                self.answer("407 Proxy Authentication Required\r\ncontent-length: 0", context)
                return
            }
            self.respond(context)
        }

        private func respond(_ context: ChannelHandlerContext) {
            switch self.cut {
            case .never, .onFirstBytes:
                self.connect(context)
            case .onConnect:
                context.close(promise: nil)
            case .resetOnConnect:
                // Closing with a linger time of zero sends a TCP reset.
                let channel = context.channel
                (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    .whenComplete { _ in channel.close(promise: nil) }
            case .amidResponse, .garbage:
                let text = self.cut == .garbage ? "\u{16}\u{3}\r\n\r\n" : "HTTP/1.1 200 Connection"
                let channel = context.channel
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)))
                    .whenComplete { _ in channel.close(promise: nil) }
            }
        }

        private func connect(_ context: ChannelHandlerContext) {
            let channel = context.channel
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            let contextBox = NIOLoopBound(context, eventLoop: context.eventLoop)
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { peer in
                    peer.eventLoop.makeCompletedFuture {
                        try peer.pipeline.syncOperations.addHandler(Forwarder(channel: channel))
                    }
                }
                .connect(host: "127.0.0.1", port: self.port)
                .whenSuccess { peer in
                    handler.value.peer = peer
                    handler.value.answer("200 Connection established", contextBox.value)
                }
        }

        private func answer(_ status: String, _ context: ChannelHandlerContext) {
            let bytes = ByteBuffer(string: "HTTP/1.1 \(status)\r\n\r\n")
            context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { self.peer?.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// A handler that forwards the bytes of one connection to another.
    private final class Forwarder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let channel: any Channel

        init(channel: any Channel) { self.channel = channel }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.channel.writeAndFlush(self.unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { self.channel.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
