// SPDX-License-Identifier: Apache-2.0

import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Hiredis

extension ClusterTests {
    /// Tests of the refreshes of the slot map.
    @Suite struct SlotMapRefreshTests {
        /// A shutdown of the client in a task; after the initializer, the shutdown is at its first suspension.
        private struct Shutdown {
            private final class Flag: Sendable {
                let isSet = Mutex(false)
            }

            let task: Task<Void, Never>
            private let flag: Flag

            init(of cluster: RedisCluster) {
                let flag = Flag()
                self.flag = flag
                self.task = Task.immediate {
                    await cluster.shutdown()
                    flag.isSet.withLock { $0 = true }
                }
            }

            var hasReturned: Bool { self.flag.isSet.withLock { $0 } }
        }

        /// Returns a configuration whose timeout is long enough for 10,000 concurrent commands on a slow machine.
        private static func patient(_ configuration: RedisConfiguration) -> RedisConfiguration {
            var configuration = configuration
            configuration.commandTimeout = .seconds(120)
            return configuration
        }

        @Test func manyCommandsAgainstAChangedMapCauseFewRefreshes() async throws {
            try await withClusterPeers(2) { peers, configuration in
                // The old node redirects every command, so each slot changes exactly once.
                peers[0]
                    .answer { command, _ in
                        guard command[0] != "CLUSTER" else { return ClusterPeer.map(peers[0].port) }
                        return .say("-MOVED \(HashSlot(key: command[1]).number) 127.0.0.1:\(peers[1].port)\r\n")
                    }
                peers[1]
                    .answer { command, _ in
                        command[0] == "CLUSTER" ? ClusterPeer.map(peers[0].port) : .say(":1\r\n")
                    }
                try await withClient(Self.patient(configuration)) { client in
                    _ = try await client.send("INCR", "first")
                    let start = ContinuousClock.now
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<10_000 {
                            group.addTask {
                                let reply = try await client.send("INCR", .text("k\(number)"))
                                #expect(reply == .integer(1))
                            }
                        }
                        try await group.waitForAll()
                    }
                    let elapsed = ContinuousClock.now - start
                    #expect(peers[1].count("INCR") == 10_001)
                    // The client sends one request at the start, and one request after each delay of at least 50 ms.
                    let most = 3 + Int(elapsed / .milliseconds(50))
                    #expect(client.counters.slotMapRequests <= most, "\(client.counters.slotMapRequests) in \(elapsed)")
                    #expect(peers.map { $0.count("CLUSTER") }.reduce(0, +) <= client.counters.slotMapRequests)
                }
            }
        }

        @Test func manyFirstCommandsShareOneRefresh() async throws {
            try await withClusterPeers(1) { peers, configuration in
                peers[0]
                    .answer { command, _ in
                        command[0] == "CLUSTER" ? ClusterPeer.map(peers[0].port) : .say(":1\r\n")
                    }
                try await withClient(Self.patient(configuration)) { client in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<10_000 {
                            group.addTask { _ = try await client.send("INCR", .text("k\(number)")) }
                        }
                        try await group.waitForAll()
                    }
                    #expect(client.counters.slotMapRequests == 1)
                    #expect(client.counters.connectionsOpened == 1)
                }
            }
        }

        @Test func deadAndHostileSeedsAreSkipped() async throws {
            try await withClusterPeers(4) { peers, configuration in
                peers[0].answer { _, _ in .say("*1\r\n*3\r\n:-1\r\n:99999999\r\n*0\r\n") }
                peers[1].answer { _, _ in .say("-ERR This instance has cluster support disabled\r\n") }
                peers[2].answer { _, _ in .silence }
                peers[3]
                    .answer { command, _ in
                        command[0] == "CLUSTER" ? ClusterPeer.map(peers[3].port) : .say(":1\r\n")
                    }
                var configuration = configuration
                let dead = RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: 1)
                configuration.deployment = .cluster([dead] + peers.map { .tcp(host: "127.0.0.1", port: $0.port) })
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    #expect(try await client.send("INCR", "k") == .integer(1))
                    // Waiting for the silent node would take at least ten seconds.
                    #expect(ContinuousClock.now - start < .seconds(8))
                    // The client closes its connections to all other nodes.
                    try await eventually { peers.map(\.open) == [0, 0, 0, 1] }
                }
            }
        }

        @Test func commandsFailImmediatelyWhileNoNodeIsReachable() async throws {
            var configuration = RedisConfiguration(
                deployment: .cluster([.tcp(host: "127.0.0.1", port: 1), .unixSocket(path: "/nonexistent")])
            )
            configuration.connectTimeout = .seconds(600)
            configuration.commandTimeout = .seconds(600)
            try await withClient(configuration) { client in
                let start = ContinuousClock.now
                for _ in 0..<200 {
                    let error = await failure(client, "GET", ["k"])
                    #expect(error?.code == .connectionFailed)
                }
                #expect(ContinuousClock.now - start < .seconds(60))
                #expect(client.counters.commandsSent == 0)
                #expect(client.counters.connectionsAttempted < 100)
            }
        }

        @Test func aWrongPasswordOfAClusterIsReported() async throws {
            try await withClusterPeers(1) { peers, configuration in
                peers[0].answer { _, _ in .say("-WRONGPASS invalid username-password pair\r\n") }
                var configuration = configuration
                configuration.password = "hunter2"
                try await withClient(configuration) { client in
                    let error = await failure(client, "GET", ["k"])
                    #expect(error?.code == .authenticationFailed)
                    #expect(error?.description.contains("hunter2") == false)
                }
            }
        }

        @Test func everyShutdownWaitsForTheEndOfTheNodes() async throws {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let cluster = RedisCluster(
                configuration: RedisConfiguration(deployment: .cluster([])),
                seeds: [],
                eventLoopGroup: group,
                counters: RedisMetrics()
            )
            let node = RedisReply.array([.bulk(Array("127.0.0.1".utf8)), .integer(1)])
            let map = try SlotMap(
                .array([.array([.integer(0), .integer(16_383), node])]),
                from: .unixSocket(path: "")
            )
            let isChanged = cluster.table.withLock { $0.install(map, connected: [], make: cluster.makeNode).isChanged }
            #expect(isChanged)
            // While the event loop is blocked, no connection can end.
            let release = DispatchSemaphore(value: 0)
            group.any().execute { release.wait() }
            let first = Shutdown(of: cluster)
            let second = Shutdown(of: cluster)
            #expect(!first.hasReturned && !second.hasReturned)
            release.signal()
            await first.task.value
            await second.task.value
            #expect(first.hasReturned && second.hasReturned)
            try await group.shutdownGracefully()
        }

        @Test(arguments: [false, true])
        func aNodeThatLeavesTheMapCompletesItsCommands(_ isShutDown: Bool) async throws {
            try await withClusterPeers(2) { peers, configuration in
                let (old, new) = (peers[0], peers[1])
                old.answer { command, _ in command[0] == "CLUSTER" ? ClusterPeer.map(old.port) : .silence }
                new.answer { _, _ in .say(":1\r\n") }
                let counters = RedisMetrics()
                let cluster = RedisCluster(
                    configuration: configuration,
                    seeds: [.tcp(host: "127.0.0.1", port: old.port)],
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(),
                    counters: counters
                )
                let slow = Task { try await cluster.perform(RedisCommand(name: "GET", arguments: ["k"])) }
                try await eventually { old.count("GET") == 1 }
                let node = RedisReply.array([.bulk(Array("127.0.0.1".utf8)), .integer(Int64(new.port))])
                let map = try SlotMap(
                    .array([.array([.integer(0), .integer(16_383), node])]),
                    from: .unixSocket(path: "")
                )
                let isChanged = cluster.table.withLock {
                    $0.install(map, connected: [], make: cluster.makeNode).isChanged
                }
                #expect(isChanged)
                let reply = try await cluster.perform(RedisCommand(name: "INCR", arguments: ["k"]))
                #expect(reply == .integer(1))
                #expect(old.open == 1)
                if isShutDown {
                    await cluster.shutdown()
                    let error = await #expect(throws: RedisError.self) { try await slow.value }
                    #expect(error?.code == .clientClosed)
                } else {
                    slow.cancel()
                    let error = await #expect(throws: RedisError.self) { try await slow.value }
                    #expect(error?.code == .cancelled)
                    try await eventually { old.open == 0 }
                    #expect(new.open == 1)
                    await cluster.shutdown()
                }
                try await eventually { old.open == 0 && new.open == 0 }
            }
        }

        @Test func aClientThatIsDroppedClosesAllNodes() async throws {
            try await withClusterPeers(1) { peers, configuration in
                peers[0]
                    .answer { command, _ in
                        command[0] == "CLUSTER" ? ClusterPeer.map(peers[0].port) : .say("-CLUSTERDOWN\r\n")
                    }
                weak var counters: RedisMetrics?
                do {
                    let dropped = RedisClient(configuration: configuration)
                    counters = dropped.counters
                    let task = Task { await failure(dropped, "GET", ["k"]) }
                    try await eventually { peers[0].count("GET") > 2 }
                    task.cancel()
                    _ = await task.value
                }
                try await eventually { peers[0].open == 0 && counters == nil }
            }
        }

        @Test func delaysGrowWhileTheMapIsUnchanged() {
            var schedule = RefreshSchedule()
            let now = NIODeadline.now()
            #expect(schedule.delay(at: now) == .zero)
            let steps = [
                (true, 100), (false, 200), (false, 400), (false, 800), (false, 800), (true, 100), (false, 200),
            ]
            for (isChanged, longest) in steps {
                schedule.end(isChanged: isChanged, failure: nil, at: now)
                let rest = schedule.delay(at: now)
                #expect(rest >= .milliseconds(longest / 2) && rest <= .milliseconds(longest))
                #expect(schedule.delay(at: now + .seconds(1)) == .zero)
            }
            schedule.end(isChanged: false, failure: nil, at: now + .seconds(2))
            #expect(schedule.delay(at: now + .seconds(2)) <= .milliseconds(100))
        }

        @Test func deadlinesAreKeptUnlessCancelled() async throws {
            let queue = DeadlineQueue(eventLoop: MultiThreadedEventLoopGroup.singleton.next())
            let called = Mutex<[Int]>([])
            // Even on a busy machine, no deadline passes before the last cancellation.
            let now = NIODeadline.now()
            let ids = (0..<1_000)
                .map { number in
                    // Later deadlines are scheduled first, so that the timer must be set to an earlier time.
                    queue.schedule(at: now + .milliseconds(Int64(1_200 - number / 5))) {
                        called.withLock { $0.append(number) }
                    }
                }
            for id in ids[500...] where id % 2 == 0 { queue.cancel(id) }
            try await eventually { called.withLock { $0.count } >= 750 }
            let numbers = called.withLock { $0 }
            #expect(Set(numbers).count == 750)
            #expect(NIODeadline.now() >= now + .milliseconds(1_200))
        }
    }
}
