// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import PrivateRedis
import Testing

/// Tests of a client that outlives its event loops.
@Suite(.timeLimit(.minutes(5))) struct EventLoopEndTests {
    @Test(arguments: [1, 3])
    func aClientThatWasUsedFailsLaterCommands(threads: Int) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        try await withPrivateRedis { server in
            let client = RedisClient(configuration: try server.configuration(), eventLoopGroup: group)
            _ = try await client.send("PING")
            try await group.shutdownGracefully()
            for _ in 0..<4 { #expect(await failure(client, "PING")?.code == .clientClosed) }
            let cancelled = Task { await failure(client, "PING") }
            cancelled.cancel()
            #expect(await cancelled.value != nil)
            await client.shutdown()
        }
    }

    @Test(arguments: [
        "redis://127.0.0.1:1", "unix:///nonexistent", "redis-cluster://127.0.0.1:1,127.0.0.1:2",
        "redis-sentinel://127.0.0.1:1?master=m",
    ])
    func aClientThatWasNeverUsedFailsItsFirstCommand(_ url: String) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let client = RedisClient(configuration: try RedisConfiguration(url: url), eventLoopGroup: group)
        try await group.shutdownGracefully()
        for _ in 0..<3 { #expect(await failure(client, "GET", ["k"]) != nil) }
        await client.shutdown()
        #expect(await failure(client, "GET", ["k"])?.code == .clientClosed)
    }

    @Test func aClientCreatedAfterwardsFailsItsFirstCommand() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await group.shutdownGracefully()
        let client = RedisClient(
            configuration: RedisConfiguration(endpoint: .unixSocket(path: "/nonexistent")),
            eventLoopGroup: group
        )
        #expect(await failure(client, "PING")?.code == .clientClosed)
        await client.shutdown()
    }

    @Test func commandsThatWaitForTheirRepliesFail() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await withPrivateRedis { server in
            let client = RedisClient(
                configuration: try server.configuration(timeout: .seconds(600)),
                eventLoopGroup: group
            )
            try await server.suspend(connectedTo: client)
            let pending = Task { await failure(client, "PING") }
            try await eventually { client.counters.commandsSent == 2 }
            try await group.shutdownGracefully()
            let code = await pending.value?.code
            #expect(code == .outcomeUnknown || code == .clientClosed)
            server.signal(SIGCONT)
            await client.shutdown()
        }
    }

    @Test func commandsThatWaitForAConnectionFail() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await withPeer(Peer.Script()) { peer, configuration in
            var configuration = configuration
            configuration.password = "secret"
            configuration.connectTimeout = .seconds(600)
            configuration.commandTimeout = .seconds(600)
            let client = RedisClient(configuration: configuration, eventLoopGroup: group)
            let pending = Task { await failure(client, "PING") }
            try await eventually { client.counters.commandsSent == 1 && peer.open == 1 }
            try await group.shutdownGracefully()
            #expect(await pending.value != nil)
            await client.shutdown()
        }
    }

    @Test func commandsThatWaitForASentinelFail() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        try await withPeer(Peer.Script()) { peer, configuration in
            guard case .standalone(let endpoint) = configuration.deployment.kind else { throw Unexpected() }
            var configuration = configuration
            configuration.deployment = .sentinel(.init(sentinels: [endpoint], primaryName: "p"))
            configuration.connectTimeout = .seconds(600)
            configuration.commandTimeout = .seconds(600)
            let client = RedisClient(configuration: configuration, eventLoopGroup: group)
            let pending = (0..<4).map { _ in Task { await failure(client, "PING") } }
            try await eventually { peer.open == 1 }
            try await group.shutdownGracefully()
            for task in pending { #expect(await task.value != nil) }
            await client.shutdown()
        }
    }
}
