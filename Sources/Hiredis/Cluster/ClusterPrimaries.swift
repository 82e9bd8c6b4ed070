// SPDX-License-Identifier: Apache-2.0

/// The primaries of a cluster with their hash slots, as reported by one node.
package struct ClusterPrimaries: Sendable {
    private let map: SlotMap

    /// Parses the reply of a node to `CLUSTER SLOTS`.
    package init(_ reply: RedisReply, from node: RedisConfiguration.Endpoint) throws(RedisError) {
        self.map = try SlotMap(reply, from: node)
    }

    /// The addresses of the primaries, in ascending order of the lowest slot that each primary serves.
    package var endpoints: [RedisConfiguration.Endpoint] {
        var seen: Set<Int> = []
        return self.positions.compactMap(\.self).filter { seen.insert($0).inserted }.map { self.map.endpoints[$0] }
    }

    /// The number of hash slots that no node serves.
    package var unservedSlots: Int { self.positions.count { $0 == nil } }

    /// Returns the address of the primary that serves a key; `nil` if no node serves the hash slot of the key.
    package func endpoint(ofKey key: String) -> RedisConfiguration.Endpoint? {
        self.map[HashSlot(key: key)].map { self.map.endpoints[$0] }
    }

    private var positions: [Int?] {
        (0..<Int64(HashSlot.count)).map { number in HashSlot(number: number).flatMap { self.map[$0] } }
    }
}
