// SPDX-License-Identifier: Apache-2.0

import Hiredis
import PrivateRedis
import RedisTopologies
import Testing

@testable import OTPCommand

/// Tests that `otp doctor` checks every server that stores data, and names the server in each finding.
@Suite(.serialized, .timeLimit(.minutes(4))) struct DoctorTopologyTests {
    @Test func everyPrimaryOfAClusterIsChecked() async throws {
        try await withClusterGroup(replicasPerPrimary: 0) { group in
            func findings() async -> [Finding] {
                await RedisExamination(configuration: group.configuration(seeds: [group.nodes[0]])).findings()
            }
            let names = group.nodes.map { "127.0.0.1:\($0.port)" }
            let sound = await findings()
            DoctorTests.expectFailures([:], in: sound)
            #expect(sound.first?.check == "cluster" && sound.first?.verdict == .ok)
            #expect(sound.filter { $0.check == "redis steps" && $0.verdict == .ok }.compactMap(\.node) == names)

            // Each node has a fault in turn, while the other nodes are healthy.
            for (node, name) in zip(group.nodes, names) {
                _ = try await node.client.send("CONFIG", "SET", "min-replicas-to-write", "2")
                let one = await findings()
                DoctorTests.expectFailures(["redis steps": "NOREPLICAS"], in: one)
                #expect(one.filter { $0.verdict == .fail }.compactMap(\.node) == [name])
                _ = try await node.client.send("CONFIG", "SET", "min-replicas-to-write", "0")
            }
            _ = try await group.nodes[2].client.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            let evicting = await findings()
            DoctorTests.expectFailures(["eviction": "allkeys-lru"], in: evicting)
            #expect(evicting.filter { $0.verdict == .fail }.compactMap(\.node) == [names[2]])
            _ = try await group.nodes[2].client.send("CONFIG", "SET", "maxmemory-policy", "noeviction")

            // With a URL of a single server, the doctor checks only this server.
            let single = try await DoctorTests.findings("redis://\(names[0])")
            #expect(single.contains { $0.verdict == .fail && $0.line.contains("redis-cluster://") })

            for node in group.nodes {
                try await waitUntil("an empty node") { try await node.client.send("DBSIZE") == .integer(0) }
            }
            try await Self.checkLostNodes(group, names)
        }
    }

    private static func checkLostNodes(_ group: ClusterGroup, _ names: [String]) async throws {
        let dead = RedisConfiguration(
            deployment: .cluster([.tcp(host: "127.0.0.1", port: 1), group.nodes[0].endpoint])
        )
        let seeds = await RedisExamination(configuration: dead).findings()
        #expect(seeds.first?.verdict == .warn && seeds.first?.node == "127.0.0.1:1")
        DoctorTests.expectFailures([:], in: seeds)

        for node in group.nodes {
            _ = try await node.client.send("CONFIG", "SET", "cluster-require-full-coverage", "no")
        }
        try await group.nodes[1].kill()
        let lost = await RedisExamination(configuration: group.configuration).findings()
        let failures = lost.filter { $0.verdict == .fail }
        #expect(failures.map(\.check) == ["redis"] && failures.first?.node == names[1], "\(lost.map(\.line))")

        _ = try await group.nodes[0].client.send("CLUSTER", "DELSLOTS", 0, 1, 2)
        let gap = await RedisExamination(configuration: group.configuration(seeds: [group.nodes[0]])).findings()
        #expect(gap.first?.verdict == .fail && gap.first?.value.hasPrefix("3 of 16384 hash slots") == true)
    }

    @Test func primaryIsCheckedThroughSentinels() async throws {
        try await withSentinelGroup(replicas: 1, password: "one", sentinelPassword: "two") { group in
            let name = "mymaster at 127.0.0.1:\(group.servers[0].port ?? 0)"
            let sound = try await DoctorTests.findings(group.url)
            DoctorTests.expectFailures([:], in: sound)
            #expect(sound.first?.value == "3 of 3 name 127.0.0.1:\(group.servers[0].port ?? 0)")
            #expect(sound.dropFirst().allSatisfy { $0.node == name }, "\(sound.map(\.line))")

            _ = try await group.ask(group.servers[0], ["CONFIG", "SET", "min-replicas-to-write", "5"])
            let unsafe = try await DoctorTests.findings(group.url)
            DoctorTests.expectFailures(["redis steps": "NOREPLICAS"], in: unsafe)
            _ = try await group.ask(group.servers[0], ["CONFIG", "SET", "min-replicas-to-write", "0"])

            let other = try await DoctorTests.findings(group.url.replacing("master=mymaster", with: "master=nobody"))
            #expect(other.first?.verdict == .fail && other.first?.value.contains("nobody") == true)

            try await group.sentinels[2].stop()
            let two = try await DoctorTests.findings(group.url)
            #expect(two.first?.verdict == .warn, "\(two.map(\.line))")
            #expect(two.first?.value.contains("127.0.0.1:\(group.sentinels[2].port ?? 0)") == true)
            #expect(two.first { $0.check == "redis steps" }?.verdict == .ok)
        }
    }
}
