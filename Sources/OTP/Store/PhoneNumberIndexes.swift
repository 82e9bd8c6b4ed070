// SPDX-License-Identifier: Apache-2.0

/// The blind indexes of one phone number under all index keys of a ring.
///
/// There is more than one only during the rotation of an index key. A number has a single record, under any one of its indexes;
/// ``records(existing:)`` is the rule by which all processes choose the same record.
public struct PhoneNumberIndexes: Sendable, Hashable {
    /// The index under the first key of the ring; a new record is created under it.
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

    /// Chooses the record that a step uses: of several records, the one with the lowest index.
    ///
    /// The order of the ring is irrelevant, because processes have the keys in different order during a rotation.
    ///
    /// - Parameter existing: The indexes that have a record, in any order.
    /// - Returns: The record to use, and the unused ones.
    public func records(existing: [PhoneNumberIndex]) -> PhoneNumberRecords {
        let sorted = existing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return PhoneNumberRecords(used: sorted.first ?? self.current, unused: Array(sorted.dropFirst()))
    }
}
