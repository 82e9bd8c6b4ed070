// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPConnections

@Suite struct FlushMergerTests {
    /// Counts the flushes that reach the socket.
    private final class FlushCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func flush(context: ChannelHandlerContext) {
            self.count += 1
            context.flush()
        }
    }

    private let counter = FlushCounter()
    private let channel = EmbeddedChannel()

    init() throws {
        try self.channel.pipeline.syncOperations.addHandlers(self.counter, FlushMerger())
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "unused")).wait()
    }

    @Test func flushesOfOneTickAreMerged() throws {
        for part in ["head", "body", "end"] { self.channel.writeAndFlush(ByteBuffer(string: part), promise: nil) }
        #expect(try self.channel.readOutbound(as: ByteBuffer.self) == nil)
        self.channel.embeddedEventLoop.run()
        #expect(self.counter.count == 1)
        #expect(try self.written() == "headbodyend")
        self.channel.writeAndFlush(ByteBuffer(string: "next"), promise: nil)
        self.channel.embeddedEventLoop.run()
        #expect(self.counter.count == 2)
        #expect(try self.written() == "next")
    }

    @Test func writesBeforeACloseAreSent() throws {
        self.channel.writeAndFlush(ByteBuffer(string: "last words"), promise: nil)
        try self.channel.close().wait()
        #expect(try self.written() == "last words")
        // The flush of the tick comes after the close, and must do nothing.
        self.channel.embeddedEventLoop.run()
        #expect(self.counter.count == 1)
    }

    private func written() throws -> String {
        var text = ""
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }
}
