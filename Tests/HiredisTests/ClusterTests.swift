// SPDX-License-Identifier: Apache-2.0

import Hiredis
import PrivateRedis
import RedisTopologies
import Synchronization
import Testing

/// Tests of the client with a real cluster that changes.
///
/// The suite is serialized, because most tests measure time or use all cores. The nested suites use scripted nodes.
@Suite(.serialized) struct ClusterTests {
    @Test func aMovingSlotLosesAndDoublesNoIncrement() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            try await withClient(group.configuration.patient) { client in
                let keys = (0..<300).map { "{tag}\($0)" }
                let slot = try await group.slot(of: "{tag}")
                let load = Load(client, keys: keys)
                try await load.run(tasks: 16) {
                    for round in 1...6 {
                        let source = try await group.primary(of: slot)
                        let target = group.nodes[(source.index + 1) % 3]
                        let migration = try await group.migration(of: slot, to: target)
                        try await load.waitForProgress()
                        try await migration.begin()
                        try await load.waitForProgress()
                        // The cluster creates new keys of a migrating slot on the target node.
                        while try await migration.moveKeys(limit: 60) == 60 { try await load.waitForProgress() }
                        if round == 3 { #expect(client.counters.redirections > 0) }
                        try await migration.moveKeys()
                        try await migration.end()
                        try await load.waitForProgress()
                    }
                }
                #expect(load.failures.isEmpty, "\(load.failures)")
                var wrong: [String] = []
                for key in keys where try await number(client, key) != load.acknowledged(key) { wrong.append(key) }
                #expect(wrong.isEmpty)
                #expect(load.total > 2_000)
                try await group.waitUntilAgreed()
            }
        }
    }

    @Test func nodesWithoutAHostnameAreReachedInAClusterThatPrefersHostnames() async throws {
        let arguments = ["--cluster-preferred-endpoint-type", "hostname"]
        try await withClusterGroup(replicasPerPrimary: 0, arguments: arguments) { group in
            _ = try await group.nodes[0].client.send("CONFIG", "SET", "cluster-announce-hostname", "localhost")
            try await eventually(within: .seconds(30)) {
                for node in group.nodes {
                    guard case .bulk(let list) = try await node.client.send("CLUSTER", "NODES"),
                        String(decoding: list, as: UTF8.self).contains(",localhost")
                    else { return false }
                }
                return true
            }
            for seed in group.nodes {
                try await withClient(group.configuration(seeds: [seed]).patient) { client in
                    for number in 0..<30 {
                        let reply = try await client.send("SET", .text("key\(number)"), "v")
                        #expect(reply == .status("OK"))
                    }
                    #expect(client.counters.redirections == 0)
                }
            }
            // The key moves to another node before the slot is assigned to this node.
            try await withClient(group.configuration.patient) { client in
                _ = try await client.send("SET", "key", "v")
                let slot = try await group.slot(of: "key")
                let source = try await group.primary(of: slot)
                let target = try #require(group.nodes.first { $0.index != 0 && $0.index != source.index })
                let migration = try await group.migration(of: slot, to: target)
                try await migration.begin()
                try await migration.moveKeys()
                #expect(try await client.send("GET", "key") == .bulk(Array("v".utf8)))
                try await migration.end()
                #expect(try await client.send("GET", "key") == .bulk(Array("v".utf8)))
            }
        }
    }

    @Test func aPlannedFailoverLosesAndDoublesNoIncrement() async throws {
        try await withClusterGroup { group in
            try await withClient(group.configuration.patient) { client in
                let keys = (0..<300).map { "key\($0)" }
                let load = Load(client, keys: keys)
                try await load.run(tasks: 16) {
                    for slot in [0, 8_000, 16_000, 0] {
                        try await load.waitForProgress()
                        let primary = try await group.primary(of: slot)
                        let replica = try #require(try await group.replicas(of: primary).first)
                        try await group.failOver(to: replica)
                        #expect(try await group.primary(of: slot).index == replica.index)
                        try await load.waitForProgress()
                    }
                }
                #expect(load.failures.isEmpty, "\(load.failures)")
                var wrong: [String] = []
                for key in keys where try await number(client, key) != load.acknowledged(key) { wrong.append(key) }
                #expect(wrong.isEmpty)
                #expect(client.counters.redirections > 0)
            }
        }
    }

    @Test(arguments: [true, false])
    func aFailoverIsFollowedAndNothingIsSentTwice(_ isKilled: Bool) async throws {
        try await withClusterGroup { group in
            var configuration = group.configuration
            configuration.commandTimeout = .milliseconds(500)
            try await withClient(configuration) { client in
                let victim = try await group.primary(of: 0)
                let key = try #require(try await self.key(of: victim, in: group))
                // Each command has a separate key, so that a command that ran twice is detected.
                let load = Load(client, keys: nil)
                try await load.run(tasks: 16) {
                    try await load.waitForProgress()
                    isKilled ? try await victim.kill() : victim.pause()
                    let survivors = group.nodes.filter { $0.index != victim.index }
                    try await group.waitUntilAgreed(among: survivors)
                    let agreed = ContinuousClock.now
                    try await eventually { await failure(client, "SET", [.text(key), "v"]) == nil }
                    let recovery = ContinuousClock.now - agreed
                    #expect(recovery < .seconds(2), "\(recovery)")
                    print("recovered \(recovery) after the cluster agreed")
                    try await load.waitForProgress()
                    isKilled ? try await victim.restart() : victim.resume()
                    try await group.waitUntilAgreed()
                    try await load.waitForProgress()
                }
                #expect(load.failures.subtracting([.outcomeUnknown, .connectionFailed, .server]).isEmpty)
                #expect(load.unexpected.isEmpty, "\(load.unexpected)")
                var twice = 0
                for key in load.keys where (try await number(client, key)) > 1 { twice += 1 }
                #expect(twice == 0)
                // The number of increments depends on the speed of the machine, so the lower bound is small.
                #expect(load.total > 100)
            }
        }
    }

    @Test func aScriptWaitsUntilItsKeysAreTogether() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            try await withClient(group.configuration.patient) { client in
                let (first, second) = ("{tag}1", "{tag}2")
                _ = try await client.send("SET", .text(first), 5)
                let slot = try await group.slot(of: first)
                let source = try await group.primary(of: slot)
                let target = group.nodes[(source.index + 1) % 3]
                let migration = try await group.migration(of: slot, to: target)
                try await migration.begin()
                // The second key does not exist, so no node has both keys.
                let script = RedisScript(
                    source: "redis.call('INCR', KEYS[2]) return redis.call('INCR', KEYS[1])"
                )
                let pending = Task { try await client.evaluate(script, keys: [first, second], arguments: []) }
                try await eventually {
                    try await source.refusals("TRYAGAIN") + target.refusals("TRYAGAIN") >= 2
                }
                try await migration.moveKeys()
                try await migration.end()
                #expect(try await pending.value == .integer(6))
                #expect(try await client.send("GET", .text(second)) == .bulk([0x31]))
            }
        }
    }

    @Test func everyNodeIsFoundFromOneLivingSeedAndLearnsTheScript() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            var configuration = group.configuration.patient
            let dead = RedisConfiguration.Endpoint.tcp(host: "127.0.0.1", port: 1)
            configuration.deployment = .cluster([dead, .unixSocket(path: "/nonexistent"), group.nodes[1].endpoint])
            try await withClient(configuration) { client in
                let script = RedisScript(source: "return redis.call('INCR', KEYS[1])")
                var keys: [String] = []
                for node in group.nodes { keys.append(try #require(try await self.key(of: node, in: group))) }
                for round in 1...2 {
                    for key in keys {
                        #expect(try await client.evaluate(script, keys: [key], arguments: []) == .integer(Int64(round)))
                    }
                }
                for node in group.nodes {
                    #expect(try await node.calls(of: "eval") == 1)
                    #expect(try await node.calls(of: "evalsha") == 2)
                }
                // One node has lost the script.
                _ = try await group.nodes[2].client.send("SCRIPT", "FLUSH")
                for key in keys {
                    #expect(try await client.evaluate(script, keys: [key], arguments: []) == .integer(3))
                }
                #expect(try await group.nodes[2].calls(of: "eval") == 2)
                #expect(try await group.nodes[0].calls(of: "eval") == 1)
                #expect(client.counters.redirections == 0)
                for _ in 0..<6 { #expect(try await client.send("PING") == .status("PONG")) }
                #expect(await failure(client, "DEL", keys.map { .text($0) })?.serverErrorKind == "CROSSSLOT")
            }
        }
    }

    @Test func manyCommandsAfterAReshardCauseFewRefreshes() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            try await withClient(group.configuration.patient) { client in
                _ = try await client.send("SET", "k", "v")
                try await group.reshard(0...99, to: group.nodes[1])
                try await group.reshard(16_300...16_383, to: group.nodes[0])
                for node in group.nodes { _ = try await node.client.send("CONFIG", "RESETSTAT") }
                let before = client.counters.slotMapRequests
                let start = ContinuousClock.now
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for number in 0..<10_000 {
                        tasks.addTask { _ = try await client.send("SET", .text("k\(number)"), "v") }
                    }
                    try await tasks.waitForAll()
                }
                let elapsed = ContinuousClock.now - start
                var asked = 0
                // The servers may not have run the last request yet.
                try await eventually {
                    asked = 0
                    for node in group.nodes { asked += try await node.calls(of: "cluster|slots") }
                    return asked == client.counters.slotMapRequests - before
                }
                #expect(asked >= 1 && asked <= 3 + Int(elapsed / .milliseconds(50)), "\(asked) in \(elapsed)")
                #expect(client.counters.redirections > 0)
            }
        }
    }

    /// Returns a key whose slot is served by a node; `nil` if no such key was found.
    private func key(of node: ClusterNode, in group: ClusterGroup) async throws -> String? {
        for number in 0..<1_000 {
            let key = "of\(number)"
            let slot = try await group.slot(of: key)
            if try await group.primary(of: slot).index == node.index { return key }
        }
        return nil
    }
}

/// Returns the integer value of a key, or 0.
private func number(_ client: RedisClient, _ key: String) async throws -> Int {
    guard case .bulk(let bytes) = try await client.send("GET", .text(key)) else { return 0 }
    return Int(String(decoding: bytes, as: UTF8.self)) ?? -1
}

extension ClusterNode {
    /// Returns the number of error replies of a kind.
    fileprivate func refusals(_ kind: String) async throws -> Int {
        let count = try await self.info("errorstats")["errorstat_\(kind)"]?.split(separator: "=").last
        return count.flatMap { Int($0) } ?? 0
    }
}

/// Concurrent tasks that increment keys, and record the acknowledged increments.
private final class Load: Sendable {
    private struct State {
        var acknowledged: [String: Int] = [:]
        var failures: Set<RedisError.Code> = []
        var unexpected: [RedisReply] = []
        var keys: [String] = []
        var total = 0
        var isOver = false
    }

    private let client: RedisClient
    private let fixedKeys: [String]?
    private let state = Mutex(State())

    /// Creates a load that increments the given keys; `nil` for a new key for each command.
    init(_ client: RedisClient, keys: [String]?) {
        self.client = client
        self.fixedKeys = keys
    }

    var failures: Set<RedisError.Code> { self.state.withLock { $0.failures } }
    /// The replies other than 1 to increments of new keys.
    var unexpected: [RedisReply] { self.state.withLock { $0.unexpected } }
    /// The new keys that were incremented.
    var keys: [String] { self.state.withLock { $0.keys } }
    var total: Int { self.state.withLock { $0.total } }

    func acknowledged(_ key: String) -> Int { self.state.withLock { $0.acknowledged[key, default: 0] } }

    func run(tasks: Int, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks { group.addTask { await self.work() } }
            do {
                try await body()
            } catch {
                self.state.withLock { $0.isOver = true }
                throw error
            }
            self.state.withLock { $0.isOver = true }
            try await group.waitForAll()
        }
    }

    func waitForProgress() async throws {
        let before = self.total
        try await eventually(within: .seconds(30)) { self.total >= before + 100 }
    }

    private func work() async {
        while !self.state.withLock({ $0.isOver }) {
            let key =
                self.fixedKeys?.randomElement()
                ?? self.state.withLock { state in
                    state.keys.append("new\(state.keys.count)")
                    return state.keys[state.keys.count - 1]
                }
            do throws(RedisError) {
                let reply = try await self.client.send("INCR", .text(key))
                self.state.withLock { state in
                    state.acknowledged[key, default: 0] += 1
                    state.total += 1
                    if self.fixedKeys == nil, reply != .integer(1) { state.unexpected.append(reply) }
                }
            } catch {
                self.state.withLock { _ = $0.failures.insert(error.code) }
            }
            // The pause leaves CPU time for the nodes on a machine with two cores.
            try? await Task.sleep(for: .milliseconds(1))
        }
    }
}
