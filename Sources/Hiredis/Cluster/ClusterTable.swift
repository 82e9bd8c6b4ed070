import Deadlines
import NIOCore

/// What a client knows of a cluster: which node serves which slot, the connections to the nodes, and who waits for
/// news.
///
/// A value under a lock. What it hands out is let go of outside the lock, because a node closes when the last holder
/// lets go of it.
struct ClusterTable: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    private struct Retired: Sendable {
        weak var node: RedisNode?
    }

    private(set) var map = SlotMap()
    /// In the order of the map's nodes.
    private var nodes: [RedisNode] = []
    /// Nodes that left the map and finish what they have; each closes when nobody waits for it any more.
    private var retired: [Retired] = []
    private var turn = 0

    /// Commands that wait for the next refresh of the map, or for a deadline.
    var sleepers: [UInt64: Promise<Void>] = [:]
    var refresh = RefreshSchedule()
    var isClosed = false

    var isEmpty: Bool { self.nodes.isEmpty }

    /// The node to ask about a slot, or about none, or `nil` if no node is known.
    ///
    /// A slot that nobody serves is anybody's: the node that is asked knows better, or says that the cluster is down.
    mutating func node(for slot: HashSlot?) -> RedisNode? {
        if let slot, let position = self.map[slot] { return self.nodes[position] }
        guard !self.map.primaries.isEmpty else { return nil }
        self.turn &+= 1
        return self.nodes[self.map.primaries[self.turn % self.map.primaries.count]]
    }

    /// The address under which a node was found, if it still counts.
    func endpoint(of node: RedisNode) -> Endpoint? {
        self.nodes.firstIndex { $0 === node }.map { self.map.endpoints[$0] }
    }

    /// The nodes with their addresses.
    var members: [(endpoint: Endpoint, node: RedisNode)] {
        zip(self.map.endpoints, self.nodes).map { ($0, $1) }
    }

    /// Finds a node by its address, or takes it in, unless there are too many already.
    mutating func node(at endpoint: Endpoint, make: (Endpoint) -> RedisNode) -> RedisNode? {
        guard !self.isClosed, let position = self.map.add(endpoint) else { return nil }
        if position == self.nodes.count {
            self.nodes.append(make(endpoint))
        }
        return self.nodes[position]
    }

    /// Gives a slot to a node, and answers whether that was news.
    mutating func move(_ slot: HashSlot, to endpoint: Endpoint, make: (Endpoint) -> RedisNode) -> Bool {
        guard !self.isClosed else { return false }
        let before = self.map[slot]
        guard let position = self.map.assign(slot, to: endpoint) else { return true }
        if position == self.nodes.count {
            self.nodes.append(make(endpoint))
        }
        return before != position
    }

    /// Puts a new map in the place of the present one.
    ///
    /// - Parameters:
    ///   - map: The new map.
    ///   - connected: Nodes that were asked for it, some of which may not have been in the map.
    ///   - make: Makes a node that was not known.
    /// - Returns: The nodes that are no longer in the map, for the caller to let go of, and whether any slot has moved.
    mutating func install(
        _ map: SlotMap,
        connected: [(endpoint: Endpoint, node: RedisNode)],
        make: (Endpoint) -> RedisNode
    ) -> (dropped: [RedisNode], isNews: Bool) {
        guard !self.isClosed else { return ([], false) }
        let known = Dictionary(self.members + connected, uniquingKeysWith: { first, _ in first })
        let isNews = !map.agrees(with: self.map)
        let before = self.nodes
        self.map = map
        self.nodes = map.endpoints.map { known[$0] ?? make($0) }
        let kept = Set(self.nodes.map { ObjectIdentifier($0) })
        let dropped = before.filter { !kept.contains(ObjectIdentifier($0)) }
        self.retired.removeAll { $0.node == nil }
        self.retired += dropped.map { Retired(node: $0) }
        return (dropped, isNews)
    }

    /// Takes out all nodes that there are, those that have left the map too.
    mutating func removeAll() -> [RedisNode] {
        let nodes = self.nodes + self.retired.compactMap { $0.node }
        self.map = SlotMap()
        self.nodes = []
        self.retired = []
        return nodes
    }
}

/// When the map of a cluster may be asked for again.
///
/// One client asks at most once at a time. After that it rests: between 50 and 100 ms, and twice as long each time that
/// there was no news, up to between 400 and 800 ms. Whoever has not asked for a second begins anew.
struct RefreshSchedule: Sendable {
    private static let delays = Backoff(base: .milliseconds(100), maximum: .milliseconds(800), jitter: .half)

    /// The task that asks, or rests before it asks.
    var task: Task<Void, Never>?
    /// How many attempts have ended.
    private(set) var attempts: UInt64 = 0
    /// Why the last attempt found no map, if it did not.
    private(set) var failure: RedisError?
    private var earliest = NIODeadline.uptimeNanoseconds(0)
    private var attemptsWithoutNews = 0

    /// How long to rest before the next attempt.
    func rest(at now: NIODeadline) -> Duration {
        self.earliest > now ? .nanoseconds((self.earliest - now).nanoseconds) : .zero
    }

    /// Notes the end of an attempt.
    mutating func end(isNews: Bool, failure: RedisError?, at now: NIODeadline) {
        self.task = nil
        self.attempts += 1
        self.failure = failure
        let beginsAnew = isNews || self.earliest + .seconds(1) < now
        self.attemptsWithoutNews = beginsAnew ? 1 : self.attemptsWithoutNews + 1
        self.earliest = now + TimeAmount(Self.delays.delay(afterFailures: self.attemptsWithoutNews))
    }
}
