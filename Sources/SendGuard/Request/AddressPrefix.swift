// SPDX-License-Identifier: Apache-2.0

/// The first bytes of an address as an integer, which costs less to hash and to compare than an array.
package struct AddressPrefix: Sendable, Hashable {
    /// The prefix of a missing address.
    static let unknown = Self([], count: 0)

    /// The number of bytes, at most 8.
    let count: Int

    /// The bytes, the first of which is the most significant.
    ///
    /// The other bits are 0.
    private let bits: UInt64

    /// Creates a prefix.
    ///
    /// - Parameters:
    ///   - bytes: The bytes of an address.
    ///   - count: The number of bytes of the prefix, at most 8 and at most the number of bytes.
    init(_ bytes: [UInt8], count: Int) {
        self.count = count
        var bits: UInt64 = 0
        for position in 0..<count { bits |= UInt64(bytes[position]) << (56 - 8 * position) }
        self.bits = bits
    }

    /// The bytes.
    var bytes: [UInt8] { (0..<self.count).map { UInt8(truncatingIfNeeded: self.bits >> (56 - 8 * $0)) } }

    /// The network of a source, which is a /24 network of IPv4 or a /48 network of IPv6.
    var network: AddressPrefix { AddressPrefix(self.bytes, count: self.count == 4 ? 3 : min(self.count, 6)) }
}
