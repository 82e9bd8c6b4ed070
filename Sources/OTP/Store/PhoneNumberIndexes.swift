// SPDX-License-Identifier: Apache-2.0

/// The blind indexes of one phone number for all index keys of a key ring.
///
/// A ``PhoneNumberIndex`` is a keyed hash of the number. A number has more than one index only during the rotation of an index
/// key. The record of the number can be stored under any of the indexes. ``records(existing:)`` ensures that all processes
/// choose the same record.
public struct PhoneNumberIndexes: Sendable, Hashable {
    /// The index for the first key of the key ring.
    ///
    /// A new record is created under this index.
    public let current: PhoneNumberIndex

    /// The indexes for all keys after the first key, in the order of the key ring.
    public let others: [PhoneNumberIndex]

    /// All indexes, with the current index first.
    public var all: [PhoneNumberIndex] { [self.current] + self.others }

    /// Creates the indexes of a number.
    ///
    /// - Parameters:
    ///   - current: The index for the first key of the key ring.
    ///   - others: The indexes for the other keys.
    public init(_ current: PhoneNumberIndex, others: [PhoneNumberIndex] = []) {
        self.current = current
        self.others = others
    }

    /// Chooses the record that a store operation uses.
    ///
    /// Of several records, the method chooses the record whose blind index has the lowest value. It does not use the order of
    /// the keys in the key ring. During a rotation, this order differs between processes, but all processes must choose the
    /// same record.
    ///
    /// - Parameter existing: The indexes that have a record, in any order.
    /// - Returns: The chosen record, and the other records.
    public func records(existing: [PhoneNumberIndex]) -> PhoneNumberRecords {
        let sorted = existing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return PhoneNumberRecords(used: sorted.first ?? self.current, unused: Array(sorted.dropFirst()))
    }
}
