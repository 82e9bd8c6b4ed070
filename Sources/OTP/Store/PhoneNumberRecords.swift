// SPDX-License-Identifier: Apache-2.0

/// The records of one phone number.
///
/// A second record exists only if two processes with their index keys in different order created the first record of a
/// number in the same moment. All steps then use the same one.
public struct PhoneNumberRecords: Sendable, Hashable {
    /// The index of the record that every step uses; the record may not exist yet.
    public var used: PhoneNumberIndex

    /// The indexes of the other records; almost always empty.
    ///
    /// `unlock` clears these records too, `cancel` deletes its challenge in them, a success ends their failure streak, and
    /// `release` searches them for its message.
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
