// SPDX-License-Identifier: Apache-2.0

import SendGuard

extension SourceAddress {
    /// The IPv4 addresses that are not public (IANA's registry of special-purpose addresses).
    private static let specialIPv4 = Self.ranges(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
            + "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    )

    /// The range of public IPv6 addresses.
    private static let globalIPv6 = Self.ranges("2000::/3")

    /// The ranges within ``globalIPv6`` that are not public, or that contain an IPv4 address.
    private static let specialIPv6 = Self.ranges("2001::/23 2001:db8::/32 2002::/16 3fff::/20")

    /// The IPv6 addresses that represent IPv4 addresses in a network without IPv4 (NAT64).
    private static let translated = Self.ranges("64:ff9b::/96")

    private static func ranges(_ text: String) -> [AddressRange] {
        text.split(separator: " ").compactMap { AddressRange(String($0)) }
    }

    /// Whether the address belongs to the public Internet.
    ///
    /// The addresses of this machine, of private networks and of cloud metadata services are not public.
    var isPublic: Bool {
        func isIn(_ ranges: [AddressRange]) -> Bool { ranges.contains { $0.contains(self) } }
        guard self.bytes.count == 16 else { return !isIn(Self.specialIPv4) }
        if isIn(Self.translated) { return SourceAddress(bytes: Array(self.bytes.suffix(4)))?.isPublic ?? false }
        return isIn(Self.globalIPv6) && !isIn(Self.specialIPv6)
    }
}
