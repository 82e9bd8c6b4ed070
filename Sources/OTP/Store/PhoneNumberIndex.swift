// SPDX-License-Identifier: Apache-2.0

/// The blind index of a phone number, which is the name of the number's record in a store.
///
/// The index is a 128-bit keyed hash of the number.
public struct PhoneNumberIndex: Sendable, Hashable {
    /// The 16 bytes of the index.
    public let bytes: [UInt8]

    /// Creates an index.
    ///
    /// - Parameter bytes: The 16 bytes of the index.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
