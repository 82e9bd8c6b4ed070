// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A proxy that damages replies, between a client and a server.
final class FaultyProxy: Sendable {
    /// The treatment of replies by the proxy.
    enum Fault: Sendable {
        /// Forwards all commands and replies.
        case none
        /// Forwards a command and half of its reply, and then closes the connection.
        case cutsReplies
        /// Replies to each command with these bytes, and forwards no commands.
        case answers([UInt8])
    }

    private let current = Mutex(Fault.none)

    /// The current fault.
    var fault: Fault {
        get { self.current.withLock { $0 } }
        set { self.current.withLock { $0 = newValue } }
    }

    /// Runs a closure with a proxy in front of a server; the closure receives the proxy and its local port.
    static func with(
        serverSocket: String,
        _ body: (FaultyProxy, _ port: Int) async throws -> Void
    ) async throws {
        let proxy = FaultyProxy()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // The proxy begins to read when its connection to the server is open.
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let front = Front(proxy: proxy, serverSocket: serverSocket)
                    try channel.pipeline.syncOperations.addHandler(front)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(proxy, try #require(listener.localAddress?.port))
        } catch {
            try await listener.close()
            throw error
        }
        try await listener.close()
    }
}

/// The proxy's connection to the client.
private final class Front: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let proxy: FaultyProxy
    private let serverSocket: String
    private var back: (any Channel)?

    init(proxy: FaultyProxy, serverSocket: String) {
        self.proxy = proxy
        self.serverSocket = serverSocket
    }

    func channelActive(context: ChannelHandlerContext) {
        let front = context.channel
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { [proxy] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Back(proxy: proxy, front: front))
                }
            }
            .connect(unixDomainSocketPath: self.serverSocket)
            .assumeIsolated()
            .whenComplete { result in
                guard case .success(let back) = result else {
                    front.close(promise: nil)
                    return
                }
                self.back = back
                _ = front.setOption(.autoRead, value: true)
            }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .answers(let bytes) = self.proxy.fault {
            context.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        } else {
            self.back?.writeAndFlush(self.unwrapInboundIn(data), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.back?.close(promise: nil)
    }
}

/// The proxy's connection to the server.
private final class Back: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let proxy: FaultyProxy
    private let front: any Channel

    init(proxy: FaultyProxy, front: any Channel) {
        self.proxy = proxy
        self.front = front
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        guard case .cutsReplies = self.proxy.fault else {
            self.front.writeAndFlush(bytes, promise: nil)
            return
        }
        let half = bytes.readSlice(length: bytes.readableBytes / 2) ?? ByteBuffer()
        self.front.writeAndFlush(half).whenComplete { [front] _ in front.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.front.close(promise: nil)
    }
}
