// SPDX-License-Identifier: Apache-2.0

/// The first bytes of an IP address, stored as an integer for fast hashing and comparison.
package struct AddressPrefix: Sendable, Hashable {
    /// The prefix of a missing address.
    static let unknown = Self([], count: 0)

    /// The number of bytes in the prefix, at most 8.
    let count: Int

    /// The bytes of the prefix, with the first byte as the most significant.
    ///
    /// The bits after the prefix are 0.
    private let bits: UInt64

    /// Creates a prefix.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of an address.
    ///   - count: The number of bytes of the prefix, at most 8 and at most `bytes.count`.
    init(_ bytes: [UInt8], count: Int) {
        self.count = count
        var bits: UInt64 = 0
        for position in 0..<count { bits |= UInt64(bytes[position]) << (56 - 8 * position) }
        self.bits = bits
    }

    private init(bits: UInt64, count: Int) {
        self.count = count
        self.bits = bits
    }

    /// The bytes of the prefix.
    var bytes: [UInt8] { (0..<self.count).map { UInt8(truncatingIfNeeded: self.bits >> (56 - 8 * $0)) } }

    /// The network that contains the prefix: /24 for IPv4, /48 for IPv6.
    var network: AddressPrefix {
        let count = self.count == 4 ? 3 : min(self.count, 6)
        // For the unknown address, `count` is 0, and the mask clears all bits.
        return AddressPrefix(bits: self.bits & ~(UInt64.max >> (8 * UInt64(count))), count: count)
    }
}
