// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// The host and port of a request, for the comparison with proxy exceptions.
struct ProxyTarget: Sendable {
    let isSecure: Bool
    /// The host name in lower case without a trailing dot, or the address without brackets.
    let host: String
    let port: Int
    /// The bytes of the address; `nil` for a host name.
    let address: [UInt8]?

    /// Parses the scheme, host and port of a URL, or returns `nil` if the URL has no scheme or no host.
    init?(url: String) {
        let parts = url.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.isSecure = parts[0].lowercased() == "https"
        let authority = parts[1].prefix { !"/?#".contains($0) }
        let split = HostAndPort(authority.split(separator: "@").last ?? "")
        guard !split.host.isEmpty else { return nil }
        self.host = split.host
        self.port = split.port ?? (self.isSecure ? 443 : 80)
        self.address = Self.bytes(of: split.host)
    }

    /// Whether the host is this machine, a link-local address or the metadata service.
    var isLocal: Bool {
        guard var bytes = self.address else {
            return self.host == "localhost" || self.host.hasSuffix(".localhost")
        }
        if bytes.count == 16, bytes.starts(with: Self.mappedPrefix) { bytes.removeFirst(12) }
        if bytes.count == 4 {
            return bytes[0] == 127 || bytes[0] == 0 || bytes.starts(with: [169, 254])
                || bytes == Self.metadataService
        }
        let isLoopbackOrUnspecified = bytes.dropLast().allSatisfy { $0 == 0 } && (bytes.last ?? 0) <= 1
        return isLoopbackOrUnspecified || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
    }

    /// Returns the bytes of an IPv4 or IPv6 address, or `nil` for a host name.
    static func bytes(of host: some StringProtocol) -> [UInt8]? {
        switch try? SocketAddress(ipAddress: String(host.prefix { $0 != "%" }), port: 0) {
        case .v4(let address)?: withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address)?: withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        default: nil
        }
    }

    /// The prefix of IPv4-mapped IPv6 addresses.
    private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// The address of the ECS metadata service.
    private static let metadataService: [UInt8] = [100, 100, 100, 200]
}

/// A host with an optional port.
private struct HostAndPort {
    let host: String
    let port: Int?

    init(_ text: some StringProtocol) {
        var host = Substring(text)
        var port: Int?
        let isBareIPv6 = !host.hasPrefix("[") && host.count { $0 == ":" } > 1
        if !isBareIPv6, let colon = host.lastIndex(of: ":"), let number = Int(host[host.index(after: colon)...]) {
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.hasSuffix(".") { host = host.dropLast() }
        self.host = host.lowercased()
        self.port = port
    }
}

/// An entry of `NO_PROXY`, which names hosts that bypass the proxy.
struct ProxyException: Sendable, Hashable {
    private enum Kind: Sendable, Hashable {
        case all
        case name(String)
        case subdomains(String)
        case network([UInt8], bits: Int)
    }

    private let kind: Kind
    private let port: Int?

    /// Parses an entry, or returns `nil` if no host can match the entry.
    init?(_ text: String) {
        let text = text.filter { !$0.isWhitespace }
        guard !text.isEmpty else { return nil }
        if let slash = text.lastIndex(of: "/") {
            guard
                let bytes = ProxyTarget.bytes(of: text[..<slash]), let bits = Int(text[text.index(after: slash)...]),
                (0...bytes.count * 8).contains(bits)
            else { return nil }
            self.kind = .network(bytes, bits: bits)
            self.port = nil
            return
        }
        let split = HostAndPort(text)
        guard split.port.map({ (1...65_535).contains($0) }) ?? true else { return nil }
        self.port = split.port
        if split.host == "*" {
            // `HostAndPort` drops a trailing dot, so the entry may be `*.`, which does not match any host.
            guard !text.hasPrefix("*.") else { return nil }
            self.kind = .all
        } else if let bytes = ProxyTarget.bytes(of: split.host) {
            self.kind = .network(bytes, bits: bytes.count * 8)
        } else if split.host.hasPrefix("*.") || split.host.hasPrefix(".") {
            let suffix = split.host.drop { $0 == "*" }
            guard Self.isName(suffix.dropFirst()) else { return nil }
            self.kind = .subdomains(String(suffix))
        } else if Self.isName(split.host[...]) {
            self.kind = .name(split.host)
        } else {
            return nil
        }
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }

    /// Returns whether a request to a target bypasses the proxy.
    func matches(_ target: ProxyTarget) -> Bool {
        if let port = self.port, port != target.port { return false }
        switch self.kind {
        case .all: return true
        case .name(let name): return target.host == name || target.host.hasSuffix(".\(name)")
        case .subdomains(let suffix): return target.host.hasSuffix(suffix)
        case .network(let bytes, let bits):
            guard let address = target.address, address.count == bytes.count else { return false }
            return (0..<bits)
                .allSatisfy { bit in
                    let mask = UInt8(0x80) >> UInt8(bit % 8)
                    return address[bit / 8] & mask == bytes[bit / 8] & mask
                }
        }
    }
}
