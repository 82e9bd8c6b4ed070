// SPDX-License-Identifier: Apache-2.0

public import Redaction
import TextFormats

/// The IPv4 or IPv6 address of a client.
///
/// If two IPv6 addresses have the same first 64 bits, the guard counts them as one source. An IPv4-mapped IPv6 address, such as
/// `::ffff:192.0.2.1`, equals the IPv4 address. The `description` contains only the network, such as `192.0.2.0/24`.
public struct SourceAddress: Sendable, Hashable {
    /// The 4 bytes of an IPv4 address, or the 16 bytes of an IPv6 address.
    public let bytes: [UInt8]

    /// Parses an address in its usual text form, without brackets, port and zone.
    ///
    /// Returns `nil` if the text is not a valid address in this form.
    ///
    /// - Parameter text: An address, such as `192.0.2.1` or `2001:db8::1`.
    public init?(_ text: String) {
        guard let bytes = Self.ipv4(text[...]) ?? Self.ipv6(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// Creates an address from its bytes.
    ///
    /// Returns `nil` if the number of bytes is not 4 or 16.
    ///
    /// - Parameter bytes: 4 or 16 bytes in network order.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: Self.mapped) ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// The first 12 bytes of an IPv4-mapped IPv6 address.
    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// The source: the IPv4 address, or the /64 network of an IPv6 address.
    package var source: AddressPrefix { AddressPrefix(self.bytes, count: self.bytes.count == 4 ? 4 : 8) }

    /// Parses an IPv4 address of four decimal numbers.
    ///
    /// A number with a leading zero is rejected, because other parsers read it as octal.
    private static func ipv4(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var number: UInt8?
        for character in text.utf8 {
            if character == UInt8(ascii: ".") {
                guard let complete = number.take() else { return nil }
                bytes.append(complete)
            } else {
                guard character.isASCIIDigit, number != 0 else { return nil }
                let (tens, isTooLarge) = (number ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, hasOverflow) = tens.addingReportingOverflow(character - UInt8(ascii: "0"))
                guard !isTooLarge, !hasOverflow else { return nil }
                number = sum
            }
        }
        guard let number, bytes.count == 3 else { return nil }
        return bytes + [number]
    }

    /// Parses an IPv6 address: groups of up to four hexadecimal digits, with `::` for one sequence of zero groups.
    private static func ipv6(_ text: String) -> [UInt8]? {
        // The longest form, with an IPv4 address at its end, has 45 characters.
        guard text.utf8.count <= 45, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            return self.groups(text[...]).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let head = self.groups(text[..<gap.lowerBound], endsWithIPv4: false),
            let tail = self.groups(text[gap.upperBound...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring, endsWithIPv4: Bool = true) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            if endsWithIPv4, position == parts.count - 1, let last = Self.ipv4(part) {
                bytes += last
            } else {
                let isHexadecimal = part.utf8.allSatisfy { $0.hexDigitValue != nil }
                guard (1...4).contains(part.utf8.count), isHexadecimal, let group = UInt16(part, radix: 16) else {
                    return nil
                }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension SourceAddress: Redacted {
    /// The network of the address, such as `192.0.2.0/24` or `2001:db8:0::/48`.
    public var description: String {
        if self.bytes.count == 4 { return self.source.network.bytes.map(String.init).joined(separator: ".") + ".0/24" }
        let groups = stride(from: 0, to: 6, by: 2)
            .map { String(UInt16(self.bytes[$0]) << 8 | UInt16(self.bytes[$0 + 1]), radix: 16) }
        return groups.joined(separator: ":") + "::/48"
    }
}
