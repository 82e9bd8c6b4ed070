// SPDX-License-Identifier: Apache-2.0

import PrivateRedis
import RedisTopologies
import Testing

@testable import Hiredis

extension SentinelTests {
    @Test func thePrimaryIsFoundWithTheirPasswordAndItsOwn() async throws {
        try await withSentinelGroup(replicas: 1, sentinels: 1, password: "hunter2", sentinelPassword: "swordfish") {
            group in
            try await withClient(RedisConfiguration(url: group.url + "&db=2")) { client in
                _ = try await client.send("SET", "k", "v")
                let role = try await client.send("ROLE")
                guard case .array(let parts) = role else { throw Unexpected() }
                #expect(parts.first == .bulk(Array("master".utf8)))
                guard case .bulk(let info) = try await client.send("CLIENT", "INFO") else { throw Unexpected() }
                #expect(String(decoding: info, as: UTF8.self).contains(" db=2 "))
                // SELECT, ROLE and AUTH share one write. Queries to sentinels are not counted.
                #expect(client.counters.writes == 4)
            }
            for url in [
                group.url.replacing("swordfish", with: "wrong"), group.url.replacing("hunter2", with: "wrong"),
                group.url.replacing("&sentinel-password=swordfish", with: ""),
            ] {
                try await withClient(RedisConfiguration(url: url)) { client in
                    let error = await failure(client, "SET", ["k", "v"])
                    #expect(error?.code == .authenticationFailed)
                    #expect(error?.description.contains("wrong") == false)
                }
            }
            try await withClient(RedisConfiguration(url: group.url.replacing("mymaster", with: "other"))) { client in
                let error = await failure(client, "SET", ["k", "v"])
                #expect(error?.code == .connectionFailed)
                #expect(error?.message.contains("no primary named other") == true)
            }
        }
    }

    @Test func aFailoverByCommandIsFollowedUnderLoad() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                try await group.failover()
            }
            #expect(recovery < .seconds(20), "\(recovery)")
        }
    }

    @Test func aKilledPrimaryIsReplacedUnderLoad() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                try await group.kill(0)
            }
            #expect(recovery < .seconds(20), "\(recovery)")
            // The old primary returns as a replica. The client does not notice this.
            try await group.restart(0)
            try await group.waitForReplica(0)
            try await withClient(group.configuration) { client in
                _ = try await client.send("SET", "after", "1")
            }
        }
    }

    @Test func aPausedPrimaryIsReplacedAndComesBackAsAReplica() async throws {
        try await withSentinelGroup { group in
            let recovery = try await Self.recovery(of: group) {
                group.pause(0)
            }
            #expect(recovery < .seconds(20), "\(recovery)")
            group.resume(0)
            try await group.waitForReplica(0)
            try await withClient(group.configuration) { client in
                _ = try await client.send("SET", "after", "1")
            }
        }
    }

    /// Waits until the load has sent many commands.
    private static func waitForLoad(of client: RedisClient) async throws {
        let sent = client.counters.commandsSent
        try await eventually { client.counters.commandsSent >= sent + 100 }
    }

    /// Increments new keys during a failover, and checks that no increment ran twice.
    ///
    /// - Returns: The time from the sentinels' choice of a new primary to the first write on the new primary.
    private static func recovery(
        of group: SentinelGroup,
        after event: () async throws -> Void
    ) async throws -> Duration {
        try await withClient(group.configuration) { client in
            try await eventually { await failure(client, "SET", ["ready", "1"]) == nil }
            let load = Task {
                await withTaskGroup(of: [String: RedisError.Code?].self) { tasks in
                    for task in 0..<16 {
                        tasks.addTask {
                            var outcomes: [String: RedisError.Code?] = [:]
                            var number = 0
                            while !Task.isCancelled {
                                number += 1
                                let key = "load:\(task):\(number)"
                                do throws(RedisError) {
                                    let reply = try await client.send("INCR", .text(key))
                                    if reply != .integer(1) { Issue.record("\(key) is \(reply)") }
                                    outcomes.updateValue(nil, forKey: key)
                                } catch {
                                    outcomes.updateValue(error.code, forKey: key)
                                    try? await Task.sleep(for: .milliseconds(5))
                                }
                            }
                            return outcomes
                        }
                    }
                    return await tasks.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
                }
            }
            try await Self.waitForLoad(of: client)
            try await event()
            let primary = try await group.waitForPrimary(otherThan: 0)
            let agreed = ContinuousClock.now
            try await eventually {
                // Only writes to the new primary count, because the old primary may accept writes that are lost later.
                let key = RedisArgument.text("after:\(UInt64.random(in: .min ... .max))")
                guard await failure(client, "SET", [key, "1"]) == nil else { return false }
                return try await group.ask(group.servers[primary], ["EXISTS", key]) == .integer(1)
            }
            let recovery = ContinuousClock.now - agreed
            try await Self.waitForLoad(of: client)
            load.cancel()
            let outcomes = await load.value
            var values: [String: RedisReply] = [:]
            let keys = Array(outcomes.keys)
            for start in stride(from: 0, to: keys.count, by: 500) {
                let some = keys[start..<min(start + 500, keys.count)]
                guard case .array(let replies) = try await client.send("MGET", some.map { .text($0) }) else {
                    throw Unexpected()
                }
                for (key, reply) in zip(some, replies) { values[key] = reply }
            }
            var counts: [String: Int] = [:]
            for (key, code) in outcomes {
                counts[code.map(\.description) ?? "done", default: 0] += 1
                guard code != .cancelled else { continue }
                #expect(
                    code == nil || code == .connectionFailed || code == .outcomeUnknown || code == .server,
                    "\(key)"
                )
                let value = values[key]
                // A failover may lose an acknowledged write, but no command may run twice.
                #expect(value == .bulk(Array("1".utf8)) || value == .null, "\(key) ran twice")
                if code == .connectionFailed || code == .server { #expect(value == .null, "\(key) ran") }
            }
            print("recovered in \(recovery); \(counts)")
            return recovery
        }
    }
}
