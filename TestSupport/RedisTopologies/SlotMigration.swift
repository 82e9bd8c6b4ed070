// SPDX-License-Identifier: Apache-2.0

import Hiredis

/// The step-by-step migration of a hash slot between two nodes.
///
/// Between ``begin()`` and ``end()``, the source replies `ASK` for keys that were moved, and the target serves these keys after
/// `ASKING`. If a command has keys on both nodes, the reply is `TRYAGAIN`.
package struct SlotMigration: Sendable {
    /// The hash slot.
    package let slot: Int

    /// The node that serves the slot before the migration.
    package let source: ClusterNode

    /// The node that serves the slot after the migration.
    package let target: ClusterNode

    let group: ClusterGroup

    /// Marks the slot on both nodes without moving a key.
    package func begin() async throws {
        _ = try await self.set(on: self.target, "IMPORTING", self.source.id())
        _ = try await self.set(on: self.source, "MIGRATING", self.target.id())
    }

    /// Moves keys with their values and expiries, each key atomically.
    ///
    /// - Parameter limit: The maximum number of keys; all keys by default.
    /// - Returns: The number of moved keys.
    /// - Throws: The error of a node.
    @discardableResult
    package func moveKeys(limit: Int = .max) async throws -> Int {
        var moved = 0
        while moved < limit {
            let count = Int64(min(100, limit - moved))
            guard
                case .array(let keys) = try await self.source.client.send(
                    "CLUSTER",
                    "GETKEYSINSLOT",
                    .integer(Int64(self.slot)),
                    .integer(count)
                ), !keys.isEmpty
            else { break }
            var arguments: [RedisArgument] = [
                "127.0.0.1", .integer(Int64(self.target.port)), "", 0, 5_000, "KEYS",
            ]
            for case .bulk(let key) in keys { arguments.append(.bytes(key)) }
            _ = try await self.source.client.send("MIGRATE", arguments)
            moved += keys.count
        }
        return moved
    }

    /// Assigns the slot to the target, after all keys were moved.
    package func end() async throws {
        let owner = try await self.target.id()
        // The target learns the assignment first, because afterwards the source redirects clients to the target.
        for node in [self.target, self.source] {
            try await self.set(on: node, "NODE", owner)
        }
        for node in self.group.nodes where ![self.source.index, self.target.index].contains(node.index) {
            // Replicas reject the command. Replicas and unreachable nodes learn the assignment by gossip.
            try? await self.set(on: node, "NODE", owner)
        }
    }

    private func set(on node: ClusterNode, _ state: RedisArgument, _ id: String) async throws {
        _ = try await node.client.send("CLUSTER", "SETSLOT", .integer(Int64(self.slot)), state, .text(id))
    }
}

extension ClusterGroup {
    /// Creates, but does not start, a migration of a slot from its current node.
    package func migration(of slot: Int, to target: ClusterNode) async throws -> SlotMigration {
        SlotMigration(slot: slot, source: try await self.primary(of: slot), target: target, group: self)
    }

    /// Moves slots with all their keys one after another, and returns when all nodes agree.
    package func reshard(_ slots: ClosedRange<Int>, to target: ClusterNode) async throws {
        for slot in slots {
            let migration = try await self.migration(of: slot, to: target)
            guard migration.source.index != target.index else { continue }
            try await migration.begin()
            try await migration.moveKeys()
            try await migration.end()
        }
        try await self.waitUntilAgreed()
    }
}
