// SPDX-License-Identifier: Apache-2.0

/// The blind index of a phone number: 128 bits of a keyed hash, the name of its record in a store.
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
