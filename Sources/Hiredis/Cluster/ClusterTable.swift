// SPDX-License-Identifier: Apache-2.0

import Deadlines
import NIOCore

/// The state of a cluster client: the slot map, the nodes and the suspended commands.
///
/// A mutex protects the state. Methods return removed nodes, so that the caller can release them after it has unlocked the
/// mutex. A node closes its connections when the last reference is released.
struct ClusterTable: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    private struct Retired: Sendable {
        weak var node: RedisNode?
    }

    private(set) var map = SlotMap()
    /// The nodes, in the same order as the addresses in the slot map.
    private var nodes: [RedisNode] = []
    /// The nodes that are no longer in the slot map.
    ///
    /// A retired node completes its commands, and closes when it has no more callers.
    private var retired: [Retired] = []
    private var turn = 0

    /// The promises of commands that wait for a deadline or for the next refresh of the slot map.
    var suspended: [UInt64: Promise<Void>] = [:]
    var refresh = RefreshSchedule()
    private(set) var isClosed = false
    /// The nodes that the shutdown closes.
    ///
    /// Every caller of `shutdown()` waits until these nodes are closed.
    private var closing: [RedisNode] = []

    var isEmpty: Bool { self.nodes.isEmpty }

    /// Returns the primary that serves a slot; `nil` if the slot map contains no primaries.
    ///
    /// If `slot` is `nil`, or if no primary serves the slot, the method returns any primary.
    mutating func node(for slot: HashSlot?) -> RedisNode? {
        if let slot, let position = self.map[slot] { return self.nodes[position] }
        guard !self.map.primaries.isEmpty else { return nil }
        self.turn &+= 1
        return self.nodes[self.map.primaries[self.turn % self.map.primaries.count]]
    }

    /// Returns the address of a node; `nil` if the slot map no longer contains the node.
    func endpoint(of node: RedisNode) -> Endpoint? {
        self.nodes.firstIndex { $0 === node }.map { self.map.endpoints[$0] }
    }

    /// The primaries, each with the lowest slot that it serves.
    var primaries: [(lowestSlot: Int, node: RedisNode)] {
        self.map.lowestSlots.map { ($0.slot, self.nodes[$0.position]) }
    }

    /// The nodes with their addresses.
    var members: [(endpoint: Endpoint, node: RedisNode)] {
        zip(self.map.endpoints, self.nodes).map { ($0, $1) }
    }

    /// Returns the node at an address.
    ///
    /// A missing address is added to the slot map. The result is `nil` if the slot map is full or the client is closed.
    mutating func node(at endpoint: Endpoint, make: (Endpoint) -> RedisNode) -> RedisNode? {
        guard !self.isClosed, let position = self.map.add(endpoint) else { return nil }
        if position == self.nodes.count {
            self.nodes.append(make(endpoint))
        }
        return self.nodes[position]
    }

    /// Assigns a slot to a node.
    ///
    /// - Returns: Whether the slot map needs a refresh, because the slot has moved or the slot map is full.
    mutating func move(_ slot: HashSlot, to endpoint: Endpoint, make: (Endpoint) -> RedisNode) -> Bool {
        guard !self.isClosed else { return false }
        let before = self.map[slot]
        guard let position = self.map.assign(slot, to: endpoint) else { return true }
        if position == self.nodes.count {
            self.nodes.append(make(endpoint))
        }
        return before != position
    }

    /// Replaces the slot map.
    ///
    /// - Parameters:
    ///   - map: The new slot map.
    ///   - connected: The nodes that were queried for the slot map. Some of them may be missing in the old slot map.
    ///   - make: A closure that creates a node.
    /// - Returns: The removed nodes, whether a slot has moved, and the addresses of the primaries if they have changed. The
    ///   caller must unlock the mutex before it releases the removed nodes.
    mutating func install(
        _ map: SlotMap,
        connected: [(endpoint: Endpoint, node: RedisNode)],
        make: (Endpoint) -> RedisNode
    ) -> (dropped: [RedisNode], isChanged: Bool, newPrimaries: Set<Endpoint>?) {
        guard !self.isClosed else { return ([], false, nil) }
        let oldPrimaries = self.map.primaryEndpoints
        let known = Dictionary(self.members + connected, uniquingKeysWith: { first, _ in first })
        let isChanged = !map.agrees(with: self.map)
        let before = self.nodes
        self.map = map
        self.nodes = map.endpoints.map { known[$0] ?? make($0) }
        let kept = Set(self.nodes.map { ObjectIdentifier($0) })
        let dropped = before.filter { !kept.contains(ObjectIdentifier($0)) }
        self.retired.removeAll { $0.node == nil }
        self.retired += dropped.map { Retired(node: $0) }
        let newPrimaries = map.primaryEndpoints
        let isFailover = !oldPrimaries.isEmpty && newPrimaries != oldPrimaries
        return (dropped, isChanged, isFailover ? newPrimaries : nil)
    }

    /// Removes all nodes permanently, and returns these nodes and the retired nodes.
    ///
    /// Later calls return the same nodes.
    mutating func close() -> [RedisNode] {
        guard !self.isClosed else { return self.closing }
        self.isClosed = true
        self.closing = self.nodes + self.retired.compactMap { $0.node }
        self.map = SlotMap()
        self.nodes = []
        self.retired = []
        return self.closing
    }
}

/// The schedule of slot map refreshes.
///
/// Only one refresh runs at a time. The delay before the next refresh is random, initially between 50 ms and 100 ms. Each
/// refresh without a change doubles both bounds, up to 400 ms and 800 ms. A refresh resets the bounds if it changes the slot
/// map, or if it ends more than one second after the delay.
struct RefreshSchedule: Sendable {
    /// The task of the scheduled or running refresh; `nil` if there is no such refresh.
    var task: Task<Void, Never>?
    /// The number of completed refreshes.
    private(set) var completed: UInt64 = 0
    /// The error of the last refresh; `nil` if the refresh succeeded.
    private(set) var failure: RedisError?
    private var earliest = NIODeadline.uptimeNanoseconds(0)
    /// The number of consecutive refreshes since the last reset of the delay.
    private var unchanged = 0

    private static let backoff = Backoff(base: .milliseconds(100), maximum: .milliseconds(800), jitter: .half)

    /// Returns the delay before the next refresh.
    func delay(at now: NIODeadline) -> Duration {
        self.earliest > now ? .nanoseconds((self.earliest - now).nanoseconds) : .zero
    }

    /// Records the end of a refresh.
    mutating func end(isChanged: Bool, failure: RedisError?, at now: NIODeadline) {
        self.task = nil
        self.completed += 1
        self.failure = failure
        let startsOver = isChanged || self.earliest + .seconds(1) < now
        self.unchanged = startsOver ? 1 : self.unchanged + 1
        self.earliest = now + TimeAmount(Self.backoff.delay(afterFailures: self.unchanged))
    }
}
