// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing

@testable import Hiredis

extension ClusterTests {
    /// Tests of redirections and errors that rarely occur in a real cluster.
    @Suite struct RedirectionTests {
        /// Sets the replies of a node: a slot map with only this node, and a rule for all other commands.
        private static func serve(
            _ peer: ClusterPeer,
            mapping port: Int? = nil,
            _ rule: @escaping ClusterPeer.Rule = { _, _ in .say("+OK\r\n") }
        ) {
            let port = port ?? peer.port
            peer.answer { command, number in
                command == ["CLUSTER", "SLOTS"] ? ClusterPeer.map(port) : rule(command, number)
            }
        }

        private static let slot = HashSlot(key: "k").number

        @Test func aMovedSlotIsFollowedAndRemembered() async throws {
            try await withClusterPeers(2) { peers, configuration in
                let (old, new) = (peers[0], peers[1])
                old.answer { command, number in
                    guard command[0] != "CLUSTER" else { return number == 1 ? ClusterPeer.map(old.port) : .silence }
                    return .say("-MOVED \(Self.slot) 127.0.0.1:\(new.port)\r\n")
                }
                // The new node returns no slot map, so the client learns of the new node only from the redirection.
                new.answer { command, _ in command[0] == "CLUSTER" ? .silence : .say("+OK\r\n") }
                try await withClient(configuration) { client in
                    #expect(try await client.send("SET", "k", "v") == .status("OK"))
                    #expect(try await client.send("SET", "k", "v") == .status("OK"))
                    #expect(old.count("SET") == 1)
                    #expect(new.count("SET") == 2)
                    #expect(client.counters.redirections == 1)
                    // The client also refreshes its slot map.
                    try await eventually { client.counters.slotMapRequests >= 2 }
                }
            }
        }

        @Test func anASKAppliesToOneCommandOnly() async throws {
            try await withClusterPeers(2) { peers, configuration in
                let (source, target) = (peers[0], peers[1])
                Self.serve(source) { command, _ in
                    command[1] == "k" ? .say("-ASK \(Self.slot) 127.0.0.1:\(target.port)\r\n") : .say("+OK\r\n")
                }
                Self.serve(target) { command, _ in .say(command[0] == "ASKING" ? "+OK\r\n" : ":7\r\n") }
                try await withClient(configuration) { client in
                    let replies = try await withThrowingTaskGroup(of: RedisReply.self) { group in
                        for _ in 0..<50 { group.addTask { try await client.send("INCR", "k") } }
                        return try await group.reduce(into: [RedisReply]()) { $0.append($1) }
                    }
                    #expect(replies == Array(repeating: .integer(7), count: 50))
                    let pairs = target.commands.filter { $0[0] != "CLUSTER" }
                    #expect(pairs == (0..<50).flatMap { _ in [["ASKING"], ["INCR", "k"]] })
                    #expect(try await client.send("INCR", "other") == .status("OK"))
                    // The slot map still names the old node.
                    #expect(source.count("INCR") == 51)
                    #expect(client.counters.slotMapRequests == 1)
                }
            }
        }

        @Test func cancelledAsksShiftNoReply() async throws {
            try await withClusterPeers(2) { peers, configuration in
                Self.serve(peers[0]) { command, _ in
                    let slot = HashSlot(key: command[1]).number
                    return .say("-ASK \(slot) 127.0.0.1:\(peers[1].port)\r\n")
                }
                peers[1]
                    .answer { command, _ in
                        .say(command[0] == "ASKING" ? "+OK\r\n" : "+\(command[1])\r\n")
                    }
                try await withClient(configuration) { client in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<600 {
                            group.addTask {
                                let task = Task { try await client.send("INCR", .text("k\(number)")) }
                                if number % 3 == 0 {
                                    try await Task.sleep(for: .microseconds(Int.random(in: 0...5_000)))
                                    task.cancel()
                                }
                                switch await task.result {
                                case .success(let reply): #expect(reply == .status("k\(number)"))
                                case .failure(let error):
                                    #expect((error as? RedisError)?.code == .cancelled && number % 3 == 0)
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    // Each command directly follows its ASKING.
                    let names = peers[1].commands.map(\.[0]).filter { $0 != "CLUSTER" }
                    #expect(names.indices.allSatisfy { names[$0] == ($0 % 2 == 0 ? "ASKING" : "INCR") })
                    #expect(names.count % 2 == 0 && names.count >= 800)
                }
            }
        }

        @Test func aDroppedCommandIsDroppedWithItsASKING() throws {
            var batch = CommandBatch()
            let command = RedisCommand(name: "INCR", arguments: ["k"])
            batch.append(command, id: 1, asking: true, waiter: .nobody)
            batch.append(
                RedisCommand(name: "PING", arguments: []),
                id: 2,
                waiter: .promise(Self.promise)
            )
            batch.append(command, id: 3, asking: true, waiter: .promise(Self.promise))
            batch.cancelCaller(3)
            batch.dropAbandoned()
            #expect(batch.commands.map(\.id) == [2])
            #expect(batch.bytes == ByteBuffer(string: "*1\r\n$4\r\nPING\r\n"))
            batch.fail(.cancelled)
        }

        private static var promise: EventLoopPromise<RedisReply> {
            MultiThreadedEventLoopGroup.singleton.next().makePromise()
        }

        static let passing = [
            "TRYAGAIN Multiple keys request during rehashing of slot", "CLUSTERDOWN The cluster is down",
            "LOADING Redis is loading the dataset in memory", "MASTERDOWN Link with MASTER is down",
            "READONLY You can't write against a read only replica.", "MOVED nonsense",
        ]

        @Test(arguments: passing)
        func temporaryErrorsAreRetried(_ text: String) async throws {
            try await withClusterPeers(1) { peers, configuration in
                Self.serve(peers[0]) { _, number in .say(number <= 3 ? "-\(text)\r\n" : ":1\r\n") }
                try await withClient(configuration) { client in
                    #expect(try await client.send("INCR", "k") == .integer(1))
                    #expect(peers[0].count("INCR") == 4)
                    let refreshes = !text.hasPrefix("TRYAGAIN") && !text.hasPrefix("LOADING")
                    try await eventually { client.counters.slotMapRequests >= (refreshes ? 2 : 1) }
                    if !refreshes { #expect(client.counters.slotMapRequests == 1) }
                }
            }
        }

        @Test(arguments: [passing[0], passing[1], passing[5]])
        func aLastingErrorIsThrownAfterTheTimeout(_ text: String) async throws {
            try await withClusterPeers(1) { peers, configuration in
                Self.serve(peers[0]) { _, _ in .say("-\(text)\r\n") }
                var configuration = configuration
                configuration.commandTimeout = .milliseconds(500)
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    let error = await failure(client, "INCR", ["k"])
                    let elapsed = ContinuousClock.now - start
                    #expect(error?.code == .server)
                    #expect(error?.serverErrorKind == RedisError.kind(of: text))
                    #expect(elapsed >= .milliseconds(500) && elapsed < .seconds(8))
                    // If the back-off did not grow, there would be thousands of commands.
                    #expect((3...40).contains(peers[0].count("INCR")))
                }
            }
        }

        @Test(arguments: ["ERR no", "NOREPLICAS no", "TRYAGAIN made up script: 00, on @user_script:1.", "CROSSSLOT no"])
        func anErrorOfTheCommandItselfIsThrownImmediately(_ text: String) async throws {
            try await withClusterPeers(1) { peers, configuration in
                Self.serve(peers[0]) { _, _ in .say("-\(text)\r\n") }
                try await withClient(configuration) { client in
                    #expect(await failure(client, "INCR", ["k"])?.serverErrorKind == RedisError.kind(of: text))
                    #expect(peers[0].count("INCR") == 1)
                    #expect(client.counters.slotMapRequests == 1)
                }
            }
        }

        @Test func aCommandThatMayHaveRunIsNotSentAgain() async throws {
            try await withClusterPeers(2) { peers, configuration in
                Self.serve(peers[0]) { _, _ in .close }
                try await withClient(configuration) { client in
                    #expect(await failure(client, "INCR", ["k"])?.code == .outcomeUnknown)
                    // The client refreshes its slot map after the failure.
                    try await eventually { client.counters.slotMapRequests == 2 }
                    #expect(peers[0].count("INCR") == 1)
                    // After a redirection, the command is not sent again either.
                    Self.serve(peers[0]) { _, _ in .say("-ASK \(Self.slot) 127.0.0.1:\(peers[1].port)\r\n") }
                    peers[1].answer { command, _ in command[0] == "ASKING" ? .say("+OK\r\n") : .close }
                    #expect(await failure(client, "DECR", ["k"])?.code == .outcomeUnknown)
                    #expect(peers[1].count("DECR") == 1)
                }
            }
        }

        @Test func theTimeoutIsOverAllRedirections() async throws {
            try await withClusterPeers(2) { peers, configuration in
                Self.serve(peers[0]) { _, number in
                    // Twelve delays take one to two seconds.
                    .say(number <= 12 ? "-TRYAGAIN\r\n" : "-MOVED \(Self.slot) 127.0.0.1:\(peers[1].port)\r\n")
                }
                peers[1].answer { _, _ in .silence }
                var configuration = configuration
                configuration.commandTimeout = .seconds(6)
                try await withClient(configuration) { client in
                    let start = ContinuousClock.now
                    #expect(await failure(client, "INCR", ["k"])?.code == .outcomeUnknown)
                    let elapsed = ContinuousClock.now - start
                    #expect(elapsed >= .seconds(6) && elapsed < .seconds(7), "\(elapsed)")
                    #expect(peers[1].count("INCR") == 1)
                }
            }
        }

        @Test func nodesThatRedirectToEachOtherDoNotHoldACommandForever() async throws {
            try await withClusterPeers(2) { peers, configuration in
                for (peer, other) in [(peers[0], peers[1]), (peers[1], peers[0])] {
                    Self.serve(peer) { _, _ in .say("-MOVED \(Self.slot) 127.0.0.1:\(other.port)\r\n") }
                }
                try await withClient(configuration) { client in
                    let error = await failure(client, "INCR", ["k"])
                    #expect(error?.code == .server)
                    #expect(error?.serverErrorKind == "MOVED")
                    #expect(peers.map { $0.count("INCR") }.reduce(0, +) == RedisCluster.maximumRedirections + 1)
                }
            }
        }

        @Test(arguments: ["-TRYAGAIN\r\n", "-CLUSTERDOWN\r\n", nil])
        func cancellationAndShutdownEndABackOffImmediately(_ words: String?) async throws {
            try await withClusterPeers(1) { peers, configuration in
                var configuration = configuration
                configuration.connectTimeout = .seconds(600)
                configuration.commandTimeout = .seconds(600)
                if let words {
                    Self.serve(peers[0]) { _, _ in .say(words) }
                }
                try await withClient(configuration) { client in
                    func started() async throws -> Task<RedisError?, Never> {
                        let before = peers[0].count("INCR")
                        let task = Task { await failure(client, "INCR", ["k"]) }
                        try await eventually {
                            words == nil ? peers[0].count("CLUSTER") == 1 : peers[0].count("INCR") > before + 3
                        }
                        return task
                    }
                    let start = ContinuousClock.now
                    let cancelled = try await started()
                    cancelled.cancel()
                    #expect(await cancelled.value?.code == .cancelled)
                    let pending = try await started()
                    await client.shutdown()
                    #expect(await pending.value?.code == .clientClosed)
                    #expect(await failure(client, "INCR", ["k"])?.code == .clientClosed)
                    #expect(await failure(client, "PING")?.code == .clientClosed)
                    #expect(ContinuousClock.now - start < .seconds(60))
                    try await eventually { peers[0].open == 0 }
                }
            }
        }

        @Test func aScriptIsSentInFullWhereItIsUnknown() async throws {
            try await withClusterPeers(2) { peers, configuration in
                // The slot moves between the first and the second command.
                peers[0]
                    .answer { command, number in
                        switch command[0] {
                        case "CLUSTER": ClusterPeer.map(peers[number == 1 ? 0 : 1].port)
                        case "EVALSHA": .say("-NOSCRIPT\r\n")
                        default: .say("-MOVED \(Self.slot) 127.0.0.1:\(peers[1].port)\r\n")
                        }
                    }
                Self.serve(peers[1]) { command, _ in .say(command[0] == "EVALSHA" ? "-NOSCRIPT\r\n" : ":1\r\n") }
                try await withClient(configuration) { client in
                    let script = RedisScript(source: "return 1")
                    for _ in 0..<2 {
                        let reply = try await client.evaluate(script, keys: ["k"], arguments: [])
                        #expect(reply == .integer(1))
                    }
                    #expect(peers[0].commands.dropFirst().map(\.[0]).filter { $0 != "CLUSTER" } == ["EVALSHA", "EVAL"])
                    #expect(peers[1].commands.map(\.[0]).filter { $0 != "CLUSTER" } == ["EVAL", "EVALSHA", "EVAL"])
                }
            }
        }

        @Test func aCancelledCallerOfAScriptWaitsForTheRetry() async throws {
            try await withClusterPeers(1) { peers, configuration in
                Self.serve(peers[0]) { _, number in .say(number < 3 ? "-TRYAGAIN wait\r\n" : ":7\r\n") }
                try await withClient(configuration) { client in
                    let caller = Task {
                        let script = RedisScript(source: "return 7")
                        withUnsafeCurrentTask { $0?.cancel() }
                        return try await client.evaluate(script, keys: ["k"], arguments: [])
                    }
                    let reply = try await caller.value
                    #expect(reply == .integer(7))
                }
            }
        }

        @Test func aClusterWithInvalidSettingsFailsWithoutAConnection() async throws {
            var configuration = RedisConfiguration(deployment: .cluster([]))
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .invalidConfiguration)
            }
            configuration.deployment = .cluster([.tcp(host: "127.0.0.1", port: 1)])
            configuration.database = 1
            try await withClient(configuration) { client in
                #expect(await failure(client, "PING")?.code == .invalidConfiguration)
                #expect(client.counters.connectionsAttempted == 0)
            }
        }
    }
}
