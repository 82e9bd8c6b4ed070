// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HTTPConnections

@Suite struct GuardedChannelTests {
    @Test(.timeLimit(.minutes(1)))
    func theSendBufferOfAConnectionIsLimited() async throws {
        let rules = ConnectionRules(idle: .seconds(60), head: .seconds(10), body: .seconds(10), write: .seconds(20))
        let guarded = GuardedChannel(rules) { _, _, _ in }
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .bind(host: "127.0.0.1", port: 0) { guarded.setup(channel: $0, logger: Logger(label: "test")) }
        let address = try #require(listener.channel.localAddress)
        let client = try await ClientBootstrap(group: group).connect(to: address).get()
        try await listener.executeThenClose { connections in
            var iterator = connections.makeAsyncIterator()
            let connection = try #require(try await iterator.next())
            let size = try await connection.channel.getOption(.socketOption(.so_sndbuf)).get()
            // Linux allocates twice the requested size, for its own records (socket(7)).
            #if os(Linux)
                #expect(size <= 2 * GuardedChannel.sendBufferSize)
            #else
                #expect(size <= GuardedChannel.sendBufferSize)
            #endif
            try await connection.executeThenClose { _, _ in try await client.close() }
        }
    }
}
