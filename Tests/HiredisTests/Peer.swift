// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A scripted server that counts its connections.
final class Peer: Sendable {
    /// The script of each connection.
    struct Script: Sendable {
        /// The bytes that the server sends when a client connects.
        var greeting: String?
        /// The bytes that the server sends after each read, one element per read.
        var answers: [String] = []
        /// Whether the server closes the connection after the last reply instead of leaving it open.
        var closesAtEnd = false
    }

    private let openCount = Atomic(0)
    private let totalCount = Atomic(0)

    /// The current number of open connections.
    var open: Int { self.openCount.load(ordering: .relaxed) }

    /// The number of connections so far.
    var total: Int { self.totalCount.load(ordering: .relaxed) }

    fileprivate func didOpen() {
        self.openCount.wrappingAdd(1, ordering: .relaxed)
        self.totalCount.wrappingAdd(1, ordering: .relaxed)
    }

    fileprivate func didClose() {
        self.openCount.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// Runs a closure with a scripted server and a configuration for it.
func withPeer(_ script: Peer.Script, _ body: (Peer, RedisConfiguration) async throws -> Void) async throws {
    let peer = Peer()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Player(script: script, peer: peer))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    do {
        let port = try #require(server.localAddress?.port)
        try await body(peer, RedisConfiguration(endpoint: .tcp(host: "127.0.0.1", port: port)))
    } catch {
        try await server.close()
        throw error
    }
    try await server.close()
}

/// A connection of a scripted server.
private final class Player: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var script: Peer.Script
    private let peer: Peer

    init(script: Peer.Script, peer: Peer) {
        self.script = script
        self.peer = peer
    }

    func channelActive(context: ChannelHandlerContext) {
        self.peer.didOpen()
        if let greeting = self.script.greeting {
            self.say(greeting, context)
        }
        if self.script.greeting != nil && self.script.answers.isEmpty {
            self.end(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.peer.didClose()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.script.answers.isEmpty else {
            self.end(context)
            return
        }
        self.say(self.script.answers.removeFirst(), context)
        if self.script.answers.isEmpty {
            self.end(context)
        }
    }

    private func say(_ words: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: words)), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext) {
        if self.script.closesAtEnd {
            context.close(promise: nil)
        }
    }
}
