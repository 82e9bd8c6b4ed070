/// Which node of a cluster serves which slot, as one of the nodes told it.
struct SlotMap: Sendable {
    typealias Endpoint = RedisConfiguration.Endpoint

    /// The most nodes that a map may name; clusters are made for up to 1,000.
    static let maximumNodes = 2_048

    /// Stands for no node.
    private static let nobody = UInt16.max

    /// The nodes, with the replicas, each once.
    private(set) var endpoints: [Endpoint] = []
    /// For each slot the position of its primary among the nodes.
    private var owners = [UInt16](repeating: Self.nobody, count: HashSlot.count)

    /// Creates the map of a cluster of which nothing is known.
    init() {}

    /// Reads the answer to `CLUSTER SLOTS`.
    ///
    /// A node that does not know its own address leaves it out, and is then to be found where it was asked. In a cluster that
    /// prefers hostnames, a node without one has a question mark in its place, and its address among its properties.
    /// - Parameters:
    ///   - reply: The answer, which may have any shape.
    ///   - asked: Where it came from.
    /// - Throws: ``RedisError/Code/protocolViolation`` if it is not the map of a cluster with at least one slot.
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

    /// The positions of the nodes that serve slots, in no order.
    private(set) var primaries: [Int] = []

    /// The position of the node that serves a slot, if the map has one.
    subscript(slot: HashSlot) -> Int? {
        let owner = self.owners[Int(slot.number)]
        return owner == Self.nobody ? nil : Int(owner)
    }

    /// Whether both maps send each slot to the same node.
    func agrees(with other: SlotMap) -> Bool {
        // Two answers about the same cluster may list its nodes in different orders.
        let positions = other.endpoints.map { self.endpoints.firstIndex(of: $0).map { UInt16($0) } }
        return zip(self.owners, other.owners)
            .allSatisfy { mine, theirs in
                theirs == Self.nobody ? mine == Self.nobody : mine == positions[Int(theirs)]
            }
    }

    /// Gives a slot to a node, and answers the node's position, or `nil` if there is no room for another node.
    mutating func assign(_ slot: HashSlot, to endpoint: Endpoint) -> Int? {
        guard let position = self.add(endpoint) else { return nil }
        self.owners[Int(slot.number)] = UInt16(position)
        if !self.primaries.contains(position) {
            self.primaries.append(position)
        }
        return position
    }

    /// Adds a node, if it is not there yet, and answers its position, or `nil` if there is no room for another node.
    mutating func add(_ endpoint: Endpoint) -> Int? {
        if let position = self.endpoints.firstIndex(of: endpoint) { return position }
        guard self.endpoints.count < Self.maximumNodes else { return nil }
        self.endpoints.append(endpoint)
        return self.endpoints.count - 1
    }

    /// Reads a node's address, or answers `nil` if the node that was asked does not know it.
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
            // The node prefers hostnames, and this one has none. Its address is among the other properties.
            guard let address = Self.property("ip", in: fields), !address.isEmpty else { return nil }
            host = address
        }
        guard let endpoint = Endpoint(announced: host, port: port, by: asked) else { throw Self.unreadable }
        return endpoint
    }

    /// Reads a property of a node, from the names and values that follow its address, port and identifier since Redis 7.
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
        message: "The node's answer to CLUSTER SLOTS is not a map of slots."
    )
}

extension RedisConfiguration.Endpoint {
    /// Makes an address of what a node said about itself or another, if it can be one.
    ///
    /// - Parameters:
    ///   - host: A name or an IP address; if it is empty, that of the node that said it.
    ///   - port: The port.
    ///   - node: Who said it, if that is known.
    init?(announced host: String, port: Int64, by node: Self?) {
        guard (1...65_535).contains(port) else { return nil }
        var host = host
        if host.isEmpty {
            guard let own = node?.host else { return nil }
            host = own
        }
        // No name is longer than 253 bytes, and none has a space or a control character.
        guard host.utf8.count <= 253, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self = .tcp(host: host, port: Int(port))
    }
}
