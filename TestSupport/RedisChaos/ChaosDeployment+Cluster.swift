// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPTesting
import RedisTopologies

extension ChaosDeployment {
    /// Runs a closure with three primaries, each of which has one replica that must confirm writes.
    static func withCluster(_ body: (ChaosDeployment) async throws -> Bool) async throws -> Bool {
        try await withClusterGroup(arguments: Self.durable) { group in
            let faults = Self.faults(of: group)
            return try await body(.replicated("cluster", group.configuration, minimumReplicas: 1, faults: faults))
        }
    }

    private static func faults(of group: ClusterGroup) -> [Fault] {
        [
            Fault(name: "kill a primary") { generator in
                let victim = try await Self.primary(of: group, &generator)
                let others = group.nodes.filter { $0.index != victim.index }
                try await victim.kill()
                try await group.waitUntilAgreed(among: others)
                try await Self.sleep(0...1_000, &generator)
                try await victim.restart()
                try await Self.waitUntilWhole(group)
            },
            Fault(name: "pause a primary until it is replaced") { generator in
                let victim = try await Self.primary(of: group, &generator)
                let others = group.nodes.filter { $0.index != victim.index }
                victim.pause()
                // Until the other nodes detect the failure, they still agree on the old slot map.
                try await Task.sleep(for: .milliseconds(1_500))
                try await group.waitUntilAgreed(among: others)
                victim.resume()
                try await Self.waitUntilWhole(group)
            },
            Fault(name: "pause a primary") { generator in
                let victim = try await Self.primary(of: group, &generator)
                victim.pause()
                try await Self.sleep(50...500, &generator)
                victim.resume()
                try await Self.waitUntilWhole(group)
            },
            Fault(name: "fail over by order") { generator in
                let primary = try await Self.primary(of: group, &generator)
                guard let replica = try await group.replicas(of: primary).first else { return }
                try await group.failOver(to: replica)
                try await Self.waitUntilWhole(group)
            },
            Fault(name: "reshard") { generator in
                let target = try await Self.primary(of: group, &generator)
                let first = Int.random(in: 0..<16_384 - 150, using: &generator)
                try await group.reshard(first...(first + 149), to: target)
            },
            Fault(name: "kill a replica") { generator in
                let primary = try await Self.primary(of: group, &generator)
                guard let replica = try await group.replicas(of: primary).first else { return }
                try await replica.kill()
                try await Self.sleep(0...1_000, &generator)
                try await replica.restart()
                try await Self.waitUntilWhole(group)
            },
        ]
    }

    /// Returns a random primary.
    private static func primary(
        of group: ClusterGroup,
        _ generator: inout SeededGenerator
    ) async throws -> ClusterNode {
        try await group.primary(of: Int.random(in: 0..<16_384, using: &generator))
    }

    /// Waits until every replica follows its primary again.
    private static func waitUntilWhole(_ group: ClusterGroup) async throws {
        try await waitUntil("the replicas follow") {
            var replicas = 0
            for node in group.nodes {
                let replication = try await node.info("replication")
                if replication["role"] == "master" { continue }
                guard replication["master_link_status"] == "up" else { return false }
                replicas += 1
            }
            return replicas == group.nodes.count / 2
        }
        try await group.waitUntilAgreed()
    }
}
