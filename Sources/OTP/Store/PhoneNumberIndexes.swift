/// The blind index of a phone number, under which a store keeps its record: 128 bits of a keyed hash.
public struct PhoneNumberIndex: Sendable, Hashable {
    /// The 16 bytes of the index.
    public let bytes: [UInt8]

    /// Creates an index.
    ///
    /// - Parameter bytes: 16 bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// The indexes of one phone number under all index keys of a ring.
///
/// There are several only while an index key is being replaced. A number has one record at any time, under any one of its
/// indexes; ``records(existing:)`` is the rule by which all processes find the same one.
public struct PhoneNumberIndexes: Sendable, Hashable {
    /// The index under the first key of the ring: a record that does not exist yet is created under it.
    public let current: PhoneNumberIndex

    /// The indexes under the other keys, in the order of the ring.
    public let others: [PhoneNumberIndex]

    /// All indexes, the current one first.
    public var all: [PhoneNumberIndex] { [self.current] + self.others }

    /// Creates the indexes of a number.
    ///
    /// - Parameters:
    ///   - current: The index under the first key of the ring.
    ///   - others: The indexes under the other keys.
    public init(_ current: PhoneNumberIndex, others: [PhoneNumberIndex] = []) {
        self.current = current
        self.others = others
    }

    /// Chooses the record that a step works on.
    ///
    /// The order of the ring does not matter, because processes have the keys in different order while a key is replaced:
    /// of several records, the one with the lowest index is used.
    ///
    /// - Parameter existing: The indexes under which there is a record, in any order.
    /// - Returns: The record to use, and the ones that are out of use.
    public func records(existing: [PhoneNumberIndex]) -> PhoneNumberRecords {
        let sorted = existing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return PhoneNumberRecords(used: sorted.first ?? self.current, unused: Array(sorted.dropFirst()))
    }
}

/// The records of one phone number.
///
/// A second record can come into being only if two processes with their index keys in different order create the first record
/// of a number at the same moment. All steps then use the same one of them.
public struct PhoneNumberRecords: Sendable, Hashable {
    /// The index of the record that every step uses; the record need not exist.
    public var used: PhoneNumberIndex

    /// The indexes of the other records that exist; nearly always empty.
    ///
    /// `unlock` clears these records too, `cancel` deletes its challenge in them, a success ends their failure streak, and `release`
    /// looks for its message in them.
    public var unused: [PhoneNumberIndex]

    /// Creates the records of a number.
    ///
    /// - Parameters:
    ///   - used: The index of the record that every step uses.
    ///   - unused: The indexes of the other records that exist.
    public init(used: PhoneNumberIndex, unused: [PhoneNumberIndex] = []) {
        self.used = used
        self.unused = unused
    }
}
