// SPDX-License-Identifier: Apache-2.0

package import Hiredis
import NIOPosix
import PrivateRedis

/// Runs a closure with a private Redis Cluster.
///
/// The nodes are child processes on free ports of 127.0.0.1. They store only their view of the cluster on disk. When the
/// closure returns or this process dies, the nodes end and their folders are deleted. The closure starts after about three
/// seconds, when every node sees the whole cluster and every replica follows its primary.
///
/// ```swift
/// try await withClusterGroup { group in
///     let client = RedisClient(configuration: group.configuration)
///     let victim = try await group.primary(of: group.slot(of: "key"))
///     try await victim.kill()
///     try await group.waitUntilAgreed(among: group.nodes.filter { $0.index != victim.index })
/// }
/// ```
/// - Parameters:
///   - primaries: The number of primaries, at least three, so that a majority can promote a replica.
///   - replicasPerPrimary: The number of replicas per primary.
///   - nodeTimeout: The time after which an unreachable node counts as failed, in milliseconds.
///   - arguments: Additional arguments for each `redis-server`.
///   - environment: Additional environment variables for each `redis-server`, such as those of a movable clock.
///   - environments: Environment variables for single nodes instead of `environment`, keyed by the index of the node.
///   - body: The closure to run.
/// - Returns: The result of the closure.
/// - Throws: ``TopologyError`` or `PrivateRedisError` if the cluster does not start, or the error of the closure.
package func withClusterGroup<Result: Sendable>(
    primaries: Int = 3,
    replicasPerPrimary: Int = 1,
    nodeTimeout: Int = 1_000,
    arguments: [String] = [],
    environment: [String: String] = [:],
    environments: [Int: [String: String]] = [:],
    _ body: (ClusterGroup) async throws -> Result
) async throws -> Result {
    func start(_ nodes: [ClusterNode], _ count: Int) async throws -> Result {
        guard nodes.count < count else {
            let group = ClusterGroup(nodes: nodes, primaries: primaries)
            try await group.form()
            return try await body(group)
        }
        let (port, busPort) = (try await freePort(), try await freePort())
        let settings = [
            "--port", "\(port)", "--cluster-enabled", "yes", "--cluster-port", "\(busPort)",
            "--cluster-node-timeout", "\(nodeTimeout)", "--cluster-announce-ip", "127.0.0.1",
            // With the validity factor 0, a replica can be elected even after a long partition. Without the synchronization
            // delay, the replica of a restarted primary synchronizes within seconds instead of a minute.
            "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
            "--repl-ping-replica-period", "1",
        ]
        let own = environments[nodes.count] ?? environment
        return try await withPrivateRedis(arguments: settings + arguments, environment: own) { server in
            let node = ClusterNode(index: nodes.count, port: port, busPort: busPort, server: server)
            do {
                let result = try await start(nodes + [node], count)
                await node.client.shutdown()
                return result
            } catch {
                await node.client.shutdown()
                throw error
            }
        }
    }
    return try await start([], primaries * (1 + replicasPerPrimary))
}

/// The nodes of a private cluster.
///
/// The first nodes start as primaries, with equal shares of the slots in ascending order. Each further node starts as a replica
/// of the primary with the index `replica index % number of primaries`. Failovers change the roles. See ``primary(of:)``.
package struct ClusterGroup: Sendable {
    /// All nodes, with any current role.
    package let nodes: [ClusterNode]

    let primaries: Int

    /// A client configuration with all nodes as seeds.
    package var configuration: RedisConfiguration {
        self.configuration(seeds: self.nodes)
    }

    /// Returns a client configuration with the given nodes as seeds.
    package func configuration(seeds: [ClusterNode]) -> RedisConfiguration {
        RedisConfiguration(deployment: .cluster(seeds.map(\.endpoint)))
    }

    /// Returns the hash slot of a key, as computed by a node.
    package func slot(of key: String) async throws -> Int {
        guard case .integer(let slot) = try await self.nodes[0].client.send("CLUSTER", "KEYSLOT", .text(key)) else {
            throw TopologyError(description: "a node did not return a slot")
        }
        return Int(slot)
    }

    /// Returns the node that serves a slot, from the view of the first reachable node.
    package func primary(of slot: Int) async throws -> ClusterNode {
        try await self.node(self.view().first { $0.slots.contains(slot) }?.port)
    }

    /// Returns the replicas of a primary.
    package func replicas(of primary: ClusterNode) async throws -> [ClusterNode] {
        let view = try await self.view()
        guard let id = view.first(where: { $0.port == primary.port })?.id else { return [] }
        return view.filter { $0.primaryID == id }
            .compactMap { entry in
                self.nodes.first { $0.port == entry.port }
            }
    }

    /// Waits until the given nodes agree that they serve all slots.
    ///
    /// - Parameters:
    ///   - nodes: The nodes; `nil` for all nodes. After a node has failed, pass all other nodes to wait for the failover.
    ///   - limit: The timeout.
    /// - Throws: ``TopologyError`` if the nodes do not agree before the timeout.
    package func waitUntilAgreed(among nodes: [ClusterNode]? = nil, within limit: Duration = .seconds(30)) async throws
    {
        let nodes = nodes ?? self.nodes
        let ports = Set(nodes.map(\.port))
        try await waitUntil("the nodes agree", within: limit) {
            var first: [ClusterEntry]?
            for node in nodes {
                guard try await node.state() == "ok" else { return false }
                let primaries = try await node.entries().filter { !$0.slots.isEmpty }.sorted { $0.id < $1.id }
                guard primaries.allSatisfy({ !$0.hasFailed && ports.contains($0.port) }),
                    primaries.flatMap(\.slots).count == 16_384
                else {
                    return false
                }
                let reference = first ?? primaries
                first = reference
                guard primaries.map(\.id) == reference.map(\.id),
                    zip(primaries, reference).allSatisfy({ Set($0.slots) == Set($1.slots) })
                else { return false }
            }
            return true
        }
    }

    /// Promotes a replica without data loss, together with its primary, and returns when all nodes agree.
    package func failOver(to replica: ClusterNode) async throws {
        try await waitUntil("node \(replica.index) takes over") {
            if try await replica.entries().first(where: \.isSelf)?.primaryID == nil { return true }
            // The command is repeated, because it fails or has no effect while the primary is busy.
            _ = try? await replica.client.send("CLUSTER", "FAILOVER")
            try await Task.sleep(for: .milliseconds(200))
            return false
        }
        try await self.waitUntilAgreed()
    }

    /// Returns the cluster from the view of the first reachable node.
    private func view() async throws -> [ClusterEntry] {
        for node in self.nodes {
            if let entries = try? await node.entries(), entries.contains(where: { !$0.slots.isEmpty }) {
                return entries
            }
        }
        throw TopologyError(description: "no node is reachable")
    }

    private func node(_ port: Int?) throws -> ClusterNode {
        guard let node = self.nodes.first(where: { $0.port == port }) else {
            throw TopologyError(description: "no node serves the slot")
        }
        return node
    }

    /// Creates the cluster from nodes that do not know each other yet.
    func form() async throws {
        for node in self.nodes {
            _ = try await node.client.send("CLUSTER", "SET-CONFIG-EPOCH", .integer(Int64(node.index + 1)))
        }
        for index in 0..<self.primaries {
            let (first, end) = (16_384 * index / self.primaries, 16_384 * (index + 1) / self.primaries)
            let range: [RedisArgument] = [.integer(Int64(first)), .integer(Int64(end - 1))]
            _ = try await self.nodes[index].client.send("CLUSTER", ["ADDSLOTSRANGE"] + range)
        }
        // Every node meets all other nodes, so that the nodes need not discover each other by gossip.
        for node in self.nodes {
            for other in self.nodes where other.index < node.index {
                let address: [RedisArgument] = [
                    "127.0.0.1", .integer(Int64(other.port)), .integer(Int64(other.busPort)),
                ]
                _ = try await node.client.send("CLUSTER", ["MEET"] + address)
            }
        }
        try await waitUntil("the nodes meet") {
            for node in self.nodes {
                let entries = try await node.entries()
                guard entries.count == self.nodes.count, entries.allSatisfy({ !$0.isHandshake }) else { return false }
            }
            return true
        }
        for node in self.nodes[self.primaries...] {
            let id = try await self.nodes[node.index % self.primaries].id()
            _ = try await node.client.send("CLUSTER", "REPLICATE", .text(id))
        }
        try await self.waitUntilAgreed()
        try await waitUntil("the replicas follow") {
            for node in self.nodes[self.primaries...] {
                guard try await node.info("replication")["master_link_status"] == "up" else { return false }
            }
            for node in self.nodes {
                let replicas = try await node.entries().count { $0.primaryID != nil }
                guard replicas == self.nodes.count - self.primaries else { return false }
            }
            return true
        }
    }
}
