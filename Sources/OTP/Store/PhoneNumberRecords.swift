// SPDX-License-Identifier: Apache-2.0

/// The records of one phone number.
///
/// Almost every number has one record. During a rotation of the index keys, processes can have these keys in different orders.
/// Two such processes can create two records of one number at the same time. All processes then use only one of the two
/// records.
public struct PhoneNumberRecords: Sendable, Hashable {
    /// The index of the record that every operation of the store uses.
    ///
    /// The record may not exist yet.
    public var used: PhoneNumberIndex

    /// The indexes of all records except the record ``used``; almost always empty.
    ///
    /// Some operations also change these records:
    /// - `unlock` clears the failed attempts in all records.
    /// - `cancel` deletes the challenge in all records.
    /// - `release` searches all records for the message.
    /// - A successful `verify` resets the count of consecutive failed attempts and the wait between sends in all records.
    public var unused: [PhoneNumberIndex]

    /// Creates the records of a number.
    ///
    /// - Parameters:
    ///   - used: The index of the record that every operation of the store uses.
    ///   - unused: The indexes of the other records.
    public init(used: PhoneNumberIndex, unused: [PhoneNumberIndex] = []) {
        self.used = used
        self.unused = unused
    }
}
