// SPDX-License-Identifier: Apache-2.0

/// The records of one phone number.
///
/// Almost every number has one record. A second record exists only if two processes with different orders of the index keys
/// created a record at the same time. Afterwards, all steps use the same one of the two records.
public struct PhoneNumberRecords: Sendable, Hashable {
    /// The index of the record that every step uses.
    ///
    /// The record may not exist yet.
    public var used: PhoneNumberIndex

    /// The indexes of the other records; almost always empty.
    ///
    /// Some steps also change these records:
    /// - `unlock` clears their failed attempts and failure streaks.
    /// - `cancel` deletes its challenge in them.
    /// - `release` searches them for its message.
    /// - A successful `verify` ends their failure streaks.
    public var unused: [PhoneNumberIndex]

    /// Creates the records of a number.
    ///
    /// - Parameters:
    ///   - used: The index of the record that every step uses.
    ///   - unused: The indexes of the other records.
    public init(used: PhoneNumberIndex, unused: [PhoneNumberIndex] = []) {
        self.used = used
        self.unused = unused
    }
}
