// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A scripted sentinel that counts its queries.
final class FakeSentinel: Sendable {
    private let words = Mutex("*-1\r\n")
    /// The reply to `SENTINEL MASTER`.
    private let details = Mutex<String?>(nil)
    private let count = Atomic(0)
    private let slowness = Mutex(TimeAmount.zero)

    /// The number of queries.
    var queries: Int { self.count.load(ordering: .relaxed) }

    /// Sets the bytes of every reply; an empty text means no reply.
    func say(_ words: String) {
        self.words.withLock { $0 = words }
    }

    /// Sets the port of the primary on 127.0.0.1, and the configuration epoch of the sentinel.
    func name(port: Int?, epoch: Int? = nil) {
        self.details.withLock { details in
            details = epoch.map { "*2\r\n$12\r\nconfig-epoch\r\n$\("\($0)".utf8.count)\r\n\($0)\r\n" }
        }
        let digits = "\(port ?? 0)"
        self.say("*2\r\n$9\r\n127.0.0.1\r\n$\(digits.utf8.count)\r\n\(digits)\r\n")
    }

    /// Sets the delay of each reply.
    func wait(_ time: TimeAmount) {
        self.slowness.withLock { $0 = time }
    }

    fileprivate var delay: TimeAmount { self.slowness.withLock { $0 } }

    fileprivate func reply(to query: String) -> String {
        self.count.wrappingAdd(1, ordering: .relaxed)
        let details = query.contains("\r\nMASTER\r\n") ? self.details.withLock { $0 } : nil
        return details ?? self.words.withLock { $0 }
    }
}

/// Runs a closure with scripted sentinels and a configuration that uses them.
func withFakeSentinels(
    _ count: Int = 1,
    certificates: Certificates? = nil,
    _ body: ([FakeSentinel], RedisConfiguration) async throws -> Void
) async throws {
    var channels: [any Channel] = []
    let tls = try certificates?.serverContext()
    var sentinels: [FakeSentinel] = []
    var endpoints: [RedisConfiguration.Endpoint] = []
    for _ in 0..<count {
        let sentinel = FakeSentinel()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(Speaker(sentinel: sentinel))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channels.append(channel)
        sentinels.append(sentinel)
        endpoints.append(.tcp(host: "127.0.0.1", port: try #require(channel.localAddress?.port)))
    }
    var configuration = RedisConfiguration(
        deployment: .sentinel(RedisConfiguration.Sentinel(sentinels: endpoints, primaryName: "mymaster"))
    )
    configuration.connectTimeout = .seconds(10)
    configuration.commandTimeout = .seconds(10)
    do {
        try await body(sentinels, configuration)
    } catch {
        for channel in channels { try await channel.close() }
        throw error
    }
    for channel in channels { try await channel.close() }
}

private final class Speaker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let sentinel: FakeSentinel

    init(sentinel: FakeSentinel) {
        self.sentinel = sentinel
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let words = self.sentinel.reply(to: String(buffer: self.unwrapInboundIn(data)))
        guard !words.isEmpty else { return }
        let channel = context.channel
        context.eventLoop.scheduleTask(in: self.sentinel.delay) {
            channel.writeAndFlush(ByteBuffer(string: words), promise: nil)
        }
    }
}
