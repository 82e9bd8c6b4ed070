// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HTTPConnections

@Suite struct GuardedChannelTests {
    @Test(.timeLimit(.minutes(1)))
    func theSendBufferOfAConnectionDoesNotGrow() async throws {
        let rules = ConnectionRules(idle: .seconds(60), head: .seconds(10), body: .seconds(10), write: .seconds(20))
        let guarded = GuardedChannel(rules) { _, _, _ in }
        let group = MultiThreadedEventLoopGroup.singleton
        let size = group.next().makePromise(of: Int.self)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                let setup = guarded.setup(channel: channel, logger: Logger(label: "test"))
                    .flatMap { _ in channel.getOption(.socketOption(.so_sndbuf)) }
                setup.cascade(to: size)
                return setup.map { _ in }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let address = try #require(listener.localAddress)
        let client = try await ClientBootstrap(group: group).connect(to: address).get()
        // Linux allocates twice the requested size, for its own records (socket(7)).
        #expect(try await size.futureResult.get() <= 2 * GuardedChannel.sendBufferSize)
        try await client.close()
        try await listener.close()
    }
}
