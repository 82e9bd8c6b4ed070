// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing

@testable import Hiredis

/// Tests of the health check of connections that a NAT or a load balancer may have dropped.
@Suite(.timeLimit(.minutes(2))) struct HealthCheckTests {
    /// The deployment of the idle connection.
    enum Deployment: CaseIterable {
        case standalone
        case cluster
        case sentinel
    }

    /// Sets the replies of a peer that acts as a server, a cluster node and a sentinel.
    private static func serve(_ peer: ClusterPeer) {
        peer.answer { command, _ in
            switch command[0] {
            case "CLUSTER": ClusterPeer.map(peer.port)
            case "ROLE": .say("*1\r\n$6\r\nmaster\r\n")
            case "SENTINEL":
                .say("*2\r\n$9\r\n127.0.0.1\r\n$\("\(peer.port)".count)\r\n\(peer.port)\r\n")
            case "PING": .say("-NOPERM this user has no permissions to run the 'ping' command\r\n")
            default: .say("+OK\r\n")
            }
        }
    }

    /// Returns a configuration that checks a connection after any idle time.
    ///
    /// All other timeouts are long enough for slow machines.
    private static func configuration(
        _ peer: ClusterPeer,
        _ deployment: Deployment = .standalone,
        interval: Duration? = .nanoseconds(1),
        timeout: Duration = .seconds(60)
    ) -> RedisConfiguration {
        let endpoint = RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: peer.port)
        var configuration =
            switch deployment {
            case .standalone: RedisConfiguration(endpoint: endpoint)
            case .cluster: RedisConfiguration(deployment: .cluster([endpoint]))
            case .sentinel:
                RedisConfiguration(deployment: .sentinel(.init(sentinels: [endpoint], primaryName: "p")))
            }
        configuration.connectTimeout = .seconds(60)
        configuration.commandTimeout = .seconds(60)
        configuration.healthCheckInterval = interval
        configuration.healthCheckTimeout = timeout
        return configuration
    }

    @Test(arguments: Deployment.allCases, [1, 50])
    func callersDoNotNoticeAForgottenConnection(_ deployment: Deployment, callers: Int) async throws {
        try await withClusterPeers(1) { peers, _ in
            let peer = peers[0]
            Self.serve(peer)
            try await withClient(Self.configuration(peer, deployment, timeout: .milliseconds(100))) { client in
                _ = try await client.send("SET", "k", "before")
                peer.forgetConnections()
                let failures = await withTaskGroup(of: RedisError?.self) { group in
                    for _ in 0..<callers { group.addTask { await failure(client, "SET", ["k", "after"]) } }
                    return await group.reduce(into: [RedisError]()) { $0 += $1.map { [$0] } ?? [] }
                }
                #expect(failures.isEmpty, "\(failures)")
                #expect(peer.commands.count { $0 == ["SET", "k", "after"] } == callers)
                #expect(!peer.ignored.contains { $0[0] == "SET" }, "\(peer.ignored)")
                // On a slow machine, late callers start further checks, which may time out.
                let opened = client.counters.connectionsOpened
                #expect(callers == 1 ? opened == 2 : opened >= 2, "\(opened)")
            }
        }
    }

    @Test func aServerThatRepliesKeepsItsConnection() async throws {
        try await withClusterPeers(1) { peers, _ in
            Self.serve(peers[0])
            try await withClient(Self.configuration(peers[0])) { client in
                for _ in 0..<5 { _ = try await client.send("SET", "k", "v") }
                // A check that receives an error reply also succeeds.
                #expect(peers[0].count("PING") >= 4)
                #expect(client.counters.connectionsOpened == 1)
            }
        }
    }

    @Test(arguments: [Duration?.none, .seconds(86_400)])
    func withoutALongPauseNothingIsChecked(interval: Duration?) async throws {
        try await withClusterPeers(1) { peers, _ in
            Self.serve(peers[0])
            try await withClient(Self.configuration(peers[0], interval: interval)) { client in
                for _ in 0..<5 { _ = try await client.send("SET", "k", "v") }
                #expect(peers[0].count("PING") == 0)
                #expect(client.counters.commandsSent == 5)
            }
        }
    }

    @Test func allConnectionsToAServerAreCheckedTogether() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        try await withClusterPeers(1) { peers, _ in
            let peer = peers[0]
            Self.serve(peer)
            let configuration = Self.configuration(peer, timeout: .milliseconds(100))
            let client = RedisClient(configuration: configuration, eventLoopGroup: group)
            // Callers outside the event loops use all connections in turn.
            for _ in 0..<3 { _ = try await client.send("SET", "k", "before") }
            try await eventually { peer.open == 3 }
            peer.forgetConnections()
            #expect(try await client.send("SET", "k", "after") == .status("OK"))
            // One caller waited for the check of its connection. The other two connections were checked without a caller.
            try await eventually { peer.open == 1 }
            #expect(peer.ignored == Array(repeating: ["PING"], count: 3))
            for _ in 0..<3 { #expect(try await client.send("SET", "k", "after") == .status("OK")) }
            #expect(peer.ignored.count == 3)
            await client.shutdown()
        }
        try await group.shutdownGracefully()
    }
}
