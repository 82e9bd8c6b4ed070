package import Hiredis
import NIOPosix
import PrivateRedis

/// Runs a Redis Cluster of one's own while a closure runs.
///
/// The nodes are child processes on free ports of 127.0.0.1 with nothing on disk but their view of the cluster. They
/// are gone, with their folders, when the closure returns or this process dies in whatever way. The closure begins when
/// every node sees the whole cluster and every replica follows its primary, which takes about three seconds.
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
///   - primaries: How many nodes share the slots; three at least, so that a majority can elect a successor.
///   - replicasPerPrimary: How many nodes follow each of them.
///   - nodeTimeout: The milliseconds after which a node that does not answer counts as failed.
///   - arguments: More arguments for each `redis-server`.
///   - environment: Variables to set for each `redis-server`, such as those of a movable clock.
///   - body: What to do with the cluster.
/// - Returns: What the closure returns.
/// - Throws: ``TopologyError`` or `PrivateRedisError` if the cluster does not come about, or what the closure throws.
package func withClusterGroup<Result: Sendable>(
    primaries: Int = 3,
    replicasPerPrimary: Int = 1,
    nodeTimeout: Int = 1_000,
    arguments: [String] = [],
    environment: [String: String] = [:],
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
            // So that a replica which was cut off for some time still stands for election, and no minute passes before
            // the replica of a primary that comes back has all data.
            "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
            "--repl-ping-replica-period", "1",
        ]
        return try await withPrivateRedis(arguments: settings + arguments, environment: environment) { server in
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

/// The nodes of a cluster that belongs to this process.
///
/// The first nodes begin as primaries, with equal shares of the slots in ascending order; each replica begins under the
/// primary whose index is its own modulo the number of primaries. Failovers change that: ask ``primary(of:)``.
package struct ClusterGroup: Sendable {
    /// All nodes, whatever they are at the moment.
    package let nodes: [ClusterNode]

    let primaries: Int

    /// A configuration for a client of the cluster, with all nodes as seeds.
    package var configuration: RedisConfiguration {
        self.configuration(seeds: self.nodes)
    }

    /// A configuration for a client that is told of some nodes only.
    package func configuration(seeds: [ClusterNode]) -> RedisConfiguration {
        RedisConfiguration(deployment: .cluster(seeds.map(\.endpoint)))
    }

    /// The slot of a key, as a node computes it.
    package func slot(of key: String) async throws -> Int {
        guard case .integer(let slot) = try await self.nodes[0].client.send("CLUSTER", "KEYSLOT", .text(key)) else {
            throw TopologyError(description: "a node did not tell a slot")
        }
        return Int(slot)
    }

    /// The node that serves a slot, as most nodes that answer see it.
    package func primary(of slot: Int) async throws -> ClusterNode {
        try await self.node(self.view().first { $0.slots.contains(slot) }?.port)
    }

    /// The replicas of a node.
    package func replicas(of primary: ClusterNode) async throws -> [ClusterNode] {
        let view = try await self.view()
        guard let id = view.first(where: { $0.port == primary.port })?.id else { return [] }
        return view.filter { $0.primaryID == id }
            .compactMap { entry in
                self.nodes.first { $0.port == entry.port }
            }
    }

    /// Waits until nodes see all slots served, in the same way, by nodes among them that have not failed.
    ///
    /// - Parameters:
    ///   - nodes: The nodes that must agree, or `nil` for all of them. Leave out a node that is down, and the wait
    ///     lasts until others serve its slots.
    ///   - limit: How long to wait.
    /// - Throws: ``TopologyError`` if they do not agree in time.
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

    /// Makes a replica the primary, with its present primary's consent and without loss; returns when all agree.
    package func failOver(to replica: ClusterNode) async throws {
        try await waitUntil("node \(replica.index) takes over") {
            if try await replica.entries().first(where: \.isSelf)?.primaryID == nil { return true }
            // The order is refused or comes to nothing while the primary is busy; it may be given again.
            _ = try? await replica.client.send("CLUSTER", "FAILOVER")
            try await Task.sleep(for: .milliseconds(200))
            return false
        }
        try await self.waitUntilAgreed()
    }

    /// What the first node that answers says about all nodes.
    private func view() async throws -> [ClusterEntry] {
        for node in self.nodes {
            if let entries = try? await node.entries(), entries.contains(where: { !$0.slots.isEmpty }) {
                return entries
            }
        }
        throw TopologyError(description: "no node answers")
    }

    private func node(_ port: Int?) throws -> ClusterNode {
        guard let node = self.nodes.first(where: { $0.port == port }) else {
            throw TopologyError(description: "nobody serves the slot")
        }
        return node
    }

    /// Makes a cluster of nodes that know nothing.
    func form() async throws {
        for node in self.nodes {
            _ = try await node.client.send("CLUSTER", "SET-CONFIG-EPOCH", .integer(Int64(node.index + 1)))
        }
        for index in 0..<self.primaries {
            let (first, end) = (16_384 * index / self.primaries, 16_384 * (index + 1) / self.primaries)
            let range: [RedisArgument] = [.integer(Int64(first)), .integer(Int64(end - 1))]
            _ = try await self.nodes[index].client.send("CLUSTER", ["ADDSLOTSRANGE"] + range)
        }
        // Each to each, so that nobody waits for gossip.
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
