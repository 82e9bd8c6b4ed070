// SPDX-License-Identifier: Apache-2.0

/// The slot map of a cluster: all nodes, and the primary of each hash slot.
struct SlotMap: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The maximum number of nodes.
    ///
    /// Redis Cluster supports up to about 1,000 nodes.
    static let maximumNodes = 2_048

    /// The value in ``owners`` for a slot that no node serves.
    private static let nobody = UInt16.max

    /// The addresses of all nodes, including replicas, without duplicates.
    private(set) var endpoints: [Endpoint] = []
    /// For each slot, the position of its primary in ``endpoints``.
    private var owners = [UInt16](repeating: Self.nobody, count: HashSlot.count)

    /// Creates an empty map.
    init() {}

    /// Parses the reply to `CLUSTER SLOTS`.
    ///
    /// If a host in the reply is empty, the host of `asked` is used. If a host is a question mark, the IP address is read from
    /// the properties of the node.
    /// - Parameters:
    ///   - reply: The reply, which may have any structure.
    ///   - asked: The address of the node that replied.
    /// - Throws: ``RedisError/Code/protocolViolation`` if the reply is not a slot map with at least one slot.
    init(_ reply: RedisReply, from asked: Endpoint) throws(RedisError) {
        guard case .array(let ranges) = reply, !ranges.isEmpty else { throw Self.unreadable }
        var positions: [Endpoint: UInt16] = [:]
        for range in ranges {
            guard case .array(let fields) = range, fields.count >= 3,
                case .integer(let first) = fields[0], let first = HashSlot(number: first),
                case .integer(let last) = fields[1], let last = HashSlot(number: last), first.number <= last.number
            else { throw Self.unreadable }
            for (index, field) in fields[2...].enumerated() {
                guard let endpoint = try Self.endpoint(field, from: asked) else { continue }
                let position = positions[endpoint] ?? UInt16(self.endpoints.count)
                if positions.updateValue(position, forKey: endpoint) == nil {
                    guard self.endpoints.count < Self.maximumNodes else { throw Self.unreadable }
                    self.endpoints.append(endpoint)
                }
                guard index == 0 else { continue }
                for slot in first.number...last.number { self.owners[Int(slot)] = position }
            }
        }
        self.primaries = Set(self.owners).subtracting([Self.nobody]).map { Int($0) }
        guard !self.primaries.isEmpty else { throw Self.unreadable }
    }

    /// The positions of the primaries in ``endpoints``, in any order.
    private(set) var primaries: [Int] = []

    /// The addresses of all primaries.
    var primaryEndpoints: Set<Endpoint> { Set(self.primaries.map { self.endpoints[$0] }) }

    /// The lowest slot of each primary, with the position of the primary in ``endpoints``.
    var lowestSlots: [(slot: Int, position: Int)] {
        var seen: Set<UInt16> = [Self.nobody]
        var last = Self.nobody
        var slots: [(slot: Int, position: Int)] = []
        for (slot, owner) in self.owners.enumerated() where owner != last {
            last = owner
            if seen.insert(owner).inserted { slots.append((slot, Int(owner))) }
        }
        return slots
    }

    /// The position in ``endpoints`` of the primary that serves a slot; `nil` if no node serves the slot.
    subscript(slot: HashSlot) -> Int? {
        let owner = self.owners[Int(slot.number)]
        return owner == Self.nobody ? nil : Int(owner)
    }

    /// Returns whether two maps assign every slot to the same node.
    func agrees(with other: SlotMap) -> Bool {
        // Two slot maps of the same cluster may list the nodes in different orders.
        let positions = other.endpoints.map { self.endpoints.firstIndex(of: $0).map { UInt16($0) } }
        return zip(self.owners, other.owners)
            .allSatisfy { mine, theirs in
                theirs == Self.nobody ? mine == Self.nobody : mine == positions[Int(theirs)]
            }
    }

    /// Assigns a slot to a node.
    ///
    /// - Returns: The position of the node, or `nil` if the map is full.
    mutating func assign(_ slot: HashSlot, to endpoint: Endpoint) -> Int? {
        guard let position = self.add(endpoint) else { return nil }
        self.owners[Int(slot.number)] = UInt16(position)
        if !self.primaries.contains(position) {
            self.primaries.append(position)
        }
        return position
    }

    /// Adds a node unless the map already contains it.
    ///
    /// - Returns: The position of the node, or `nil` if the map is full.
    mutating func add(_ endpoint: Endpoint) -> Int? {
        if let position = self.endpoints.firstIndex(of: endpoint) { return position }
        guard self.endpoints.count < Self.maximumNodes else { return nil }
        self.endpoints.append(endpoint)
        return self.endpoints.count - 1
    }

    /// Parses the address of a node; returns `nil` if the reply does not contain an address.
    private static func endpoint(_ field: RedisReply, from asked: Endpoint) throws(RedisError) -> Endpoint? {
        guard case .array(let fields) = field, fields.count >= 2, case .integer(let port) = fields[1] else {
            throw Self.unreadable
        }
        var host: String
        switch fields[0] {
        case .bulk(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unreadable }
            host = text
        case .null: host = ""
        default: throw Self.unreadable
        }
        if host == "?" {
            // The cluster prefers host names, but this node has no host name. The IP address is a property of the node.
            guard let address = Self.property("ip", in: fields), !address.isEmpty else { return nil }
            host = address
        }
        guard let endpoint = Endpoint(announced: host, port: port, by: asked) else { throw Self.unreadable }
        return endpoint
    }

    /// Returns the value of a node's property; `nil` if the reply does not contain the property.
    ///
    /// Since Redis 7, the entry of a node ends with a list of property names and values.
    private static func property(_ name: String, in fields: [RedisReply]) -> String? {
        guard fields.count > 3, case .array(let properties) = fields[3] else { return nil }
        for index in stride(from: 0, to: properties.count - 1, by: 2) {
            guard properties[index] == .bulk(Array(name.utf8)), case .bulk(let value) = properties[index + 1] else {
                continue
            }
            return String(validating: value, as: UTF8.self)
        }
        return nil
    }

    private static let unreadable = RedisError(
        code: .protocolViolation,
        message: "the reply to CLUSTER SLOTS is not a slot map"
    )
}

extension RedisConfiguration.Endpoint {
    /// Creates an address from the reply of a node; returns `nil` if the address is invalid.
    ///
    /// - Parameters:
    ///   - host: A host name or an IP address; empty for the host of the node that replied.
    ///   - port: The port.
    ///   - node: The address of the node that replied; `nil` if this address is unknown.
    init?(announced host: String, port: Int64, by node: Self?) {
        guard (1...65_535).contains(port) else { return nil }
        var host = host
        if host.isEmpty {
            guard let own = node?.host else { return nil }
            host = own
        }
        // A host name has at most 253 bytes, and contains no spaces or control characters.
        guard host.utf8.count <= 253, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self = .tcp(host: host, port: Int(port))
    }
}
