// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import OTPTesting
import PrivateRedis
import Testing

@testable import Hiredis

/// Tests that the client finds the primary through sentinels, and follows a failover.
@Suite struct SentinelTests {
    @Test func deadAndSilentSentinelsTakeAShareOfTheTimeoutOnly() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels(3) { sentinels, configuration in
                var configuration = configuration
                guard case .sentinel(var described) = configuration.deployment.kind else { throw Unexpected() }
                described.sentinels.insert(.tcp(host: "127.0.0.1", port: try await freePort()), at: 0)
                configuration.deployment = .sentinel(described)
                configuration.connectTimeout = .seconds(2)
                // The first sentinel is unreachable, the second is silent, and the third does not know the primary.
                sentinels[0].say("")
                sentinels[2].name(port: server.port)
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    #expect(try await client.send("PING") == .status("PONG"))
                    #expect(ContinuousClock.now - start < .seconds(2))
                    // From now on, the sentinel that named the primary is queried first.
                    let silent = sentinels[0].queries
                    _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                    let again = ContinuousClock.now
                    try await eventually { await failure(client, "PING") == nil }
                    #expect(ContinuousClock.now - again < .milliseconds(350))
                    #expect(sentinels[0].queries <= silent + 1)
                }
            }
        }
    }

    @Test func aSentinelWithAnUnusableReplyIsNotQueriedFirstAgain() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels(3) { sentinels, configuration in
                sentinels[0].name(port: try await freePort())
                for sentinel in sentinels[1...] { sentinel.name(port: server.port) }
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    try await eventually { await failure(client, "SET", ["k", "v"]) == nil }
                    #expect(ContinuousClock.now - start < .seconds(2))
                    #expect(client.counters.connectionsAttempted == 2)
                }
            }
        }
    }

    @Test func theNewestConfigurationCounts() throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (old, new) = (
            RedisConfiguration.Endpoint.tcp(host: "a", port: 1), RedisConfiguration.Endpoint.tcp(host: "b", port: 2)
        )
        func answer(_ endpoint: RedisConfiguration.Endpoint, _ epoch: Int64) -> SentinelReplies.Reply {
            let node = RedisNode(
                configuration: RedisConfiguration(endpoint: endpoint),
                endpoint: endpoint,
                eventLoopGroup: loop,
                counters: RedisMetrics()
            )
            return SentinelReplies.Reply(sentinel: node, endpoint: endpoint, epoch: epoch)
        }
        let duringFailover = SentinelReplies([answer(old, 3), answer(new, 4), answer(old, 3)])
        #expect(duringFailover.successor(of: old)?.count == 1)
        #expect(duringFailover.successor(of: new) == nil)
        let contradiction = SentinelReplies([answer(old, 3), answer(new, 3)])
        #expect(contradiction.successor(of: old) == nil)
        #expect(contradiction.successor(of: new) == nil)
        #expect(SentinelReplies([]).successor(of: old) == nil)
        let names = ["name", "m", "config-epoch", "7"].map { RedisReply.bulk(Array($0.utf8)) }
        #expect(SentinelReplies.epoch(in: .array(names)) == 7)
        let others: [RedisReply] = [
            .array(Array(names[..<3])), .array([]), .null, .status("OK"), .array(names.reversed()),
        ]
        for reply in others {
            #expect(SentinelReplies.epoch(in: reply) == nil)
        }
    }

    @Test(arguments: [
        "*2\r\n$9\r\n127.0.0.1\r\n$1\r\n0\r\n", "*2\r\n$9\r\n127.0.0.1\r\n$5\r\n65536\r\n",
        "*2\r\n$9\r\n127.0.0.1\r\n$2\r\n-1\r\n", "*2\r\n$0\r\n\r\n$4\r\n6379\r\n", "*1\r\n$9\r\n127.0.0.1\r\n",
        "*3\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\n1\r\n", "*0\r\n", "*2\r\n:1\r\n:2\r\n", "*2\r\n*-1\r\n*-1\r\n", "+OK\r\n",
        "*2\r\n$1\r\n\u{0}\r\n$4\r\n6379\r\n", "$4\r\n6379\r\n", ":6379\r\n", "*-1\r\n", "-ERR unknown command\r\n",
        "-IDONTKNOW\r\n", "garbage\r\n", "*2000000000\r\n", "+OK\r\n+again\r\n",
    ])
    func garbageFromASentinelIsAnError(_ words: String) async throws {
        try await withFakeSentinels { sentinels, configuration in
            sentinels[0].say(words)
            try await withClient(configuration) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .connectionFailed)
                #expect(client.counters.commandsSent == 0)
            }
        }
    }

    @Test func aRejectionByASentinelIsReported() async throws {
        try await withFakeSentinels { sentinels, configuration in
            sentinels[0].say("-NOAUTH Authentication required.\r\n")
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .authenticationFailed)
            }
        }
    }

    @Test func aServerThatIsAReplicaIsNotUsed() async throws {
        try await withPair { primary, replica in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: replica.port)
                try await withClient(configuration) { client in
                    for _ in 0..<3 {
                        let error = await failure(client, "GET", ["k"])
                        #expect(error?.code == .connectionFailed)
                    }
                    sentinels[0].name(port: primary.port)
                    let start = ContinuousClock.now
                    try await eventually { await failure(client, "SET", ["k", "v"]) == nil }
                    #expect(ContinuousClock.now - start < .seconds(2))
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func aPrimaryThatBecameAReplicaIsLeftAfterItsReplies(inScript: Bool) async throws {
        try await withPair { other, server in
            _ = try await Self.ask(server, "REPLICAOF", "NO", "ONE")
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                try await withClient(configuration) { client in
                    _ = try await client.send("SET", "k", "v")
                    _ = try await Self.ask(server, "REPLICAOF", "127.0.0.1", .text("\(other.port ?? 0)"))
                    sentinels[0].name(port: other.port)
                    let script = RedisScript(source: "return redis.call('SET', KEYS[1], '1')")
                    await withTaskGroup(of: RedisError?.self) { group in
                        for _ in 0..<50 {
                            group.addTask {
                                guard inScript else { return await failure(client, "SET", ["k", "w"]) }
                                do throws(RedisError) {
                                    _ = try await client.evaluate(script, keys: ["k"], arguments: [])
                                    return nil
                                } catch {
                                    return error
                                }
                            }
                        }
                        var refused = 0
                        for await error in group where error != nil {
                            // Every reply arrives, and no waiting command fails.
                            #expect(error?.serverErrorKind == "READONLY", "\(error.map { "\($0)" } ?? "")")
                            refused += 1
                        }
                        #expect(refused > 0)
                    }
                    _ = try await client.send("SET", "k", "v")
                    #expect(client.counters.connectionsOpened == 2)
                }
            }
        }
    }

    @Test func aReadOnlyErrorWithinAScriptErrorIsRecognized() throws {
        let text = "-ERR Error running script (call to f_0): @user_script:1: -READONLY You can't write.\r\n"
        for (leaves, reply) in [(true, text), (true, "-READONLY You can't write.\r\n"), (false, text)] {
            let wire = try Wire()
            wire.handler.leavesReplica = leaves
            let answers = try wire.send(count: 2)
            wire.receive(reply)
            #expect(wire.handler.acceptsCommands == !leaves)
            #expect(wire.handler.failure == nil)
            wire.receive("+OK\r\n")
            #expect(answers.replies.count == 2)
            #expect((wire.handler.failure != nil) == leaves)
        }
    }

    @Test func anIdleConnectionToAPrimaryThatWasReplacedIsDropped() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels(3) { sentinels, configuration in
                    for sentinel in sentinels { sentinel.name(port: old.port) }
                    try await withClient(configuration) { client in
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: old) == 1)
                        // Contradictory replies with the same epoch have no effect.
                        for sentinel in sentinels[..<2] { sentinel.name(port: new.port) }
                        let asked = sentinels[2].queries
                        try await eventually { sentinels[2].queries >= asked + 4 }
                        #expect(try await Self.clients(of: old) == 1)
                        sentinels[2].say("-IDONTKNOW\r\n")
                        try await eventually { try await Self.clients(of: old) == 0 }
                        sentinels[0].say("")
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: new) == 1)
                        #expect(client.counters.connectionsOpened == 2)
                    }
                }
            }
        }
    }

    @Test func aNewerConfigurationOverridesTheOtherSentinels() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels(3) { sentinels, configuration in
                    for sentinel in sentinels { sentinel.name(port: old.port, epoch: 9) }
                    try await withClient(configuration) { client in
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: old) == 1)
                        sentinels[2].name(port: new.port, epoch: 10)
                        try await eventually { try await Self.clients(of: old) == 0 }
                        _ = try await client.send("SET", "k", "v")
                        #expect(try await Self.clients(of: new) == 1)
                    }
                }
            }
        }
    }

    @Test func aCommandInFlightToAPrimaryThatWasReplacedHasAnUnknownOutcome() async throws {
        try await withPrivateRedis(listensOnTCP: true) { old in
            try await withPrivateRedis(listensOnTCP: true) { new in
                try await withFakeSentinels { sentinels, configuration in
                    var configuration = configuration
                    configuration.commandTimeout = .seconds(60)
                    sentinels[0].name(port: old.port)
                    try await withClient(configuration) { client in
                        _ = try await client.send("PING")
                        old.signal(SIGSTOP)
                        let pending = Task { await failure(client, "INCR", ["n"]) }
                        try await eventually { client.counters.commandsSent == 3 }
                        sentinels[0].name(port: new.port)
                        let start = ContinuousClock.now
                        #expect(await pending.value?.code == .outcomeUnknown)
                        #expect(ContinuousClock.now - start < .seconds(10))
                        #expect(try await client.send("INCR", "n") == .integer(1))
                        old.signal(SIGCONT)
                    }
                }
            }
        }
    }

    @Test func sentinelsAreNotQueriedWithoutAConnection() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                let clock = ManualClock()
                try await withClient(configuration, clock: clock) { client in
                    // Without a connection, no task waits for the next query.
                    #expect(clock.sleeperCount == 0 && sentinels[0].queries == 0)
                    await withTaskGroup { group in
                        for _ in 0..<50 { group.addTask { _ = await failure(client, "PING") } }
                    }
                    #expect(sentinels[0].queries == 1)
                    try await clock.waitForSleepers(1)
                    _ = await failure(client, "CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "no"])
                    try await eventually { try await Self.clients(of: server) == 0 }
                    try await eventually { clock.sleeperCount == 0 }
                    #expect(sentinels[0].queries == 1)
                }
            }
        }
    }

    @Test func connectionsOfAllEventLoopsShareTheQueries() async throws {
        try await withPrivateRedis(listensOnTCP: true) { server in
            try await withFakeSentinels { sentinels, configuration in
                sentinels[0].name(port: server.port)
                let group = MultiThreadedEventLoopGroup(numberOfThreads: 4)
                let clock = ManualClock()
                weak var counters: RedisMetrics?
                do {
                    let client = RedisClient(configuration: configuration, eventLoopGroup: group, clock: clock)
                    counters = client.counters
                    sentinels[0].wait(.milliseconds(300))
                    await withTaskGroup { tasks in
                        for _ in 0..<8 { tasks.addTask { #expect(await failure(client, "PING") == nil) } }
                    }
                    #expect(client.counters.connectionsOpened == 4)
                    // All connections shared one query.
                    #expect(sentinels[0].queries == 1)
                    for round in 1...2 {
                        try await clock.waitForSleepers(1)
                        #expect(clock.sleeperCount == 1)
                        clock.advanceToNextSleeper()
                        // Each round consists of a query for the epoch and a query for the address.
                        try await eventually { sentinels[0].queries == 1 + 2 * round }
                    }
                    try await clock.waitForSleepers(1)
                    #expect(sentinels[0].queries == 5)
                }
                // A released client closes all its connections.
                try await eventually { try await Self.clients(of: server) == 0 && counters == nil }
                try await group.shutdownGracefully()
            }
        }
    }

    private static func ask(
        _ server: PrivateRedisServer,
        _ command: String,
        _ arguments: RedisArgument...
    ) async throws -> RedisReply {
        try await withClient(server.configuration()) { try await $0.send(command, arguments) }
    }

    /// Returns the number of a server's TCP clients.
    private static func clients(of server: PrivateRedisServer) async throws -> Int {
        guard case .bulk(let list) = try await self.ask(server, "CLIENT", "LIST", "TYPE", "normal") else {
            throw Unexpected()
        }
        return String(decoding: list, as: UTF8.self).split(separator: "\n").count { $0.contains("laddr=127.0.0.1") }
    }
}
