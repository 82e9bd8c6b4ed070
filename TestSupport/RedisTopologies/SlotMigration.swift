import Hiredis

/// The move of one slot from one node of a cluster to another, step by step.
///
/// Between ``begin()`` and ``end()`` the source answers `ASK` for keys that it no longer has, and the target serves
/// them to those who say `ASKING`. Of a command with two keys, of which one has moved or neither node has both, a node
/// says `TRYAGAIN`.
package struct SlotMigration: Sendable {
    /// The slot.
    package let slot: Int

    /// Where it comes from.
    package let source: ClusterNode

    /// Where it goes.
    package let target: ClusterNode

    let group: ClusterGroup

    /// Opens the slot on both sides; no key moves yet.
    package func begin() async throws {
        _ = try await self.set(on: self.target, "IMPORTING", self.source.id())
        _ = try await self.set(on: self.source, "MIGRATING", self.target.id())
    }

    /// Moves keys, each at once with its value and its expiry.
    ///
    /// - Parameter limit: How many at most; all unless given.
    /// - Returns: How many there were.
    /// - Throws: What the nodes answer.
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

    /// Closes the slot, which belongs to the target from now on.
    ///
    /// No key may be left at the source.
    package func end() async throws {
        let owner = try await self.target.id()
        // The target first: it must not refuse what the source already sends it.
        for node in [self.target, self.source] {
            try await self.set(on: node, "NODE", owner)
        }
        for node in self.group.nodes where ![self.source.index, self.target.index].contains(node.index) {
            // Replicas refuse; they and nodes that are down learn it by themselves.
            try? await self.set(on: node, "NODE", owner)
        }
    }

    private func set(on node: ClusterNode, _ state: RedisArgument, _ id: String) async throws {
        _ = try await node.client.send("CLUSTER", "SETSLOT", .integer(Int64(self.slot)), state, .text(id))
    }
}

extension ClusterGroup {
    /// Prepares the move of a slot from the node that serves it; nothing happens before ``SlotMigration/begin()``.
    package func migration(of slot: Int, to target: ClusterNode) async throws -> SlotMigration {
        SlotMigration(slot: slot, source: try await self.primary(of: slot), target: target, group: self)
    }

    /// Moves slots one after another with all their keys, and returns when all nodes have heard of it.
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
