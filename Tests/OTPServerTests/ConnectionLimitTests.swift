// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import OTPServer
import Synchronization
import Testing

/// Tests of the maximum number of connections.
@Suite(.timeLimit(.minutes(2))) struct ConnectionLimitTests {
    private static let request = ByteBuffer(string: "GET /livez HTTP/1.1\r\nhost: a\r\n\r\n")

    /// Counts the bytes that a connection receives.
    private final class Receiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let count = Mutex(0)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let length = self.unwrapInboundIn(data).readableBytes
            self.count.withLock { $0 += length }
        }
    }

    /// Opens a connection, and sends a whole request or only its first bytes.
    private static func connect(
        _ port: Int,
        sending request: ByteBuffer = Self.request
    ) async throws -> (channel: any Channel, receiver: Receiver) {
        let receiver = Receiver()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(receiver) }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(request)
        return (channel, receiver)
    }

    private static func waitForResponse(_ receiver: Receiver) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while receiver.count.withLock({ $0 == 0 }) {
            try #require(ContinuousClock.now < deadline, "no response")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func furtherConnectionsWaitUntilABusyOneIsClosed() async throws {
        var limits = ConnectionLimits()
        limits.connections = 2
        try await TestServer.run(limits: limits) { server async throws in
            // After a response, the rest of the same segment shows that the next request has begun.
            var start = Self.request
            start.writeImmutableBuffer(try #require(Self.request.getSlice(at: 0, length: 10)))
            let first = try await Self.connect(server.port, sending: start)
            try await Self.waitForResponse(first.receiver)
            let second = try await Self.connect(server.port, sending: start)
            try await Self.waitForResponse(second.receiver)
            let third = try await Self.connect(server.port)
            // Each event loop runs tasks after it has had the chance to accept the third connection.
            for _ in 0..<20 {
                for eventLoop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
                    try await eventLoop.submit {}.get()
                }
            }
            #expect(third.receiver.count.withLock { $0 } == 0)
            try await second.channel.close()
            try await Self.waitForResponse(third.receiver)
            try await first.channel.close()
            // The full server closes a connection after its response.
            try? await third.channel.close()
        }
    }

    @Test func aConnectionThatEndsItsRequestMakesRoomForOneThatWaits() async throws {
        var limits = ConnectionLimits()
        limits.connections = 2
        (limits.head, limits.idle) = (.seconds(600), .seconds(600))
        try await TestServer.run(limits: limits) { server async throws in
            let start = try #require(Self.request.getSlice(at: 0, length: 10))
            let end = try #require(Self.request.getSlice(at: 10, length: Self.request.readableBytes - 10))
            // A connection is busy while it sends its second request.
            var requests = Self.request
            requests.writeImmutableBuffer(start)
            var busy: [(channel: any Channel, receiver: Receiver)] = []
            for _ in 0..<2 {
                let connection = try await Self.connect(server.port, sending: requests)
                try await Self.waitForResponse(connection.receiver)
                busy.append(connection)
            }
            let waiting = try await Self.connect(server.port)
            for connection in busy { try await connection.channel.writeAndFlush(end) }
            try await Self.waitForResponse(waiting.receiver)
            for connection in busy + [waiting] { try? await connection.channel.close() }
        }
    }

    @Test func idleConnectionsKeepNobodyOut() async throws {
        var limits = ConnectionLimits()
        limits.connections = 10
        try await TestServer.run(limits: limits) { server async throws in
            var idle: [any Channel] = []
            for _ in 0..<50 { idle.append(try await Self.connect(server.port, sending: ByteBuffer()).channel) }
            let busy = try await Self.connect(server.port)
            try await Self.waitForResponse(busy.receiver)
            // The server has closed the oldest connections.
            for channel in idle.prefix(30) { try await channel.closeFuture.get() }
            #expect(busy.channel.isActive)
        }
    }
}
