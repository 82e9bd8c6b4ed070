// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// A range of addresses in CIDR form, such as `192.0.2.0/24`.
public struct AddressRange: Sendable, Hashable {
    /// The first address.
    public let start: SourceAddress

    /// The prefix length: the number of leading bits that all addresses share.
    public let length: Int

    /// Parses an address range in CIDR form.
    ///
    /// Without a prefix length, the range contains a single address. Returns `nil` if the text is malformed, or if a bit of the
    /// address after the prefix is set.
    ///
    /// - Parameter text: A range, such as `192.0.2.0/24` or `2001:db8::/32`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let start = SourceAddress(String(parts[0])) else { return nil }
        let bits = start.bytes.count * 8
        guard let length = parts.count == 2 ? Self.length(parts[1]) : bits, length <= bits else { return nil }
        self.start = start
        self.length = length
        let hasBitsAfterPrefix = (length..<bits).contains { start.bytes[$0 / 8] >> (7 - UInt8($0 % 8)) & 1 == 1 }
        guard !hasBitsAfterPrefix else { return nil }
    }

    private static func length(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }

    /// Returns whether an address is in the range.
    ///
    /// - Parameter address: The address. A range contains only addresses of its own IP version.
    /// - Returns: Whether the address and the range have the same first ``length`` bits.
    public func contains(_ address: SourceAddress) -> Bool {
        guard address.bytes.count == self.start.bytes.count else { return false }
        let whole = self.length / 8
        guard address.bytes.prefix(whole) == self.start.bytes.prefix(whole) else { return false }
        let rest = self.length % 8
        return rest == 0 || (address.bytes[whole] ^ self.start.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}
