// SPDX-License-Identifier: Apache-2.0

public import SendGuard
import TextFormats

/// The proxies that are trusted to state the address of a client in a header.
///
/// By default, no proxy is trusted, and the address of the connection is the address of the client. The header is read only if
/// the connection comes from a trusted proxy.
///
/// Each proxy appends the address of its own client to the header. The header is therefore read from right to left. The first
/// address that does not belong to a trusted proxy is the address of the client.
///
/// The reading also stops at the left end of the header, and at a malformed address. The last valid address that was read then
/// counts as the address of the client, although it belongs to a trusted proxy. If the header is missing, the address of the
/// connection counts as the address of the client.
///
/// All requests with the same client address share the limits of this address, even if the address belongs to a proxy. A client
/// therefore cannot escape the limits with a malformed header.
public struct TrustedProxies: Sendable, Hashable {
    /// The name of the header to which the proxies append addresses.
    ///
    /// The two possible headers are `X-Forwarded-For` and `Forwarded`. Select the header that the proxies write. The other
    /// header is ignored, because a proxy may forward it unchanged from the client.
    public struct Header: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case xForwardedFor = "x-forwarded-for"
            case forwarded
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The header `X-Forwarded-For`.
        public static let xForwardedFor = Self(.xForwardedFor)
        /// The header `Forwarded` (RFC 7239).
        public static let forwarded = Self(.forwarded)

        /// All headers.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the header in lower case.
        public var description: String { self.base.rawValue }
    }

    /// The addresses of the trusted proxies.
    public var ranges: [AddressRange]

    /// The header to which the proxies append addresses.
    public var header: Header

    /// Creates a list of trusted proxies.
    ///
    /// - Parameters:
    ///   - ranges: The addresses of the proxies. By default, no proxy is trusted.
    ///   - header: The header to which the proxies append addresses.
    public init(_ ranges: [AddressRange] = [], header: Header = .xForwardedFor) {
        self.ranges = ranges
        self.header = header
    }

    /// Returns the address of a request's client.
    ///
    /// - Parameters:
    ///   - peer: The address of the connection.
    ///   - values: The values of all header fields with the name of ``header``, in the order of the request.
    /// - Returns: The address of the client.
    func client(of peer: SourceAddress, _ values: [String]) -> SourceAddress {
        var address = peer
        var hops = self.hops(values)[...]
        while self.isProxy(address), let hop = hops.popLast(), let next = hop { address = next }
        return address
    }

    private func isProxy(_ address: SourceAddress) -> Bool {
        self.ranges.contains { $0.contains(address) }
    }

    /// Returns the last 32 addresses in the header, with `nil` for each malformed address.
    private func hops(_ values: [String]) -> [SourceAddress?] {
        let elements = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        // No real chain of proxies is longer.
        return elements.suffix(32)
            .map { element in
                let node: Substring? = self.header == .forwarded ? Self.forwardedNode(element) : element[...]
                return node.flatMap(Self.address)
            }
    }

    /// Returns the value of the parameter `for` in an element of the header `Forwarded`.
    private static func forwardedNode(_ element: Substring) -> Substring? {
        for pair in element.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            let name = parts[0].filter { $0 != " " && $0 != "\t" }
            guard parts.count == 2, name.equalsIgnoringASCIICase("for") else { continue }
            return parts[1]
        }
        return nil
    }

    /// Parses an address, which may have spaces, quotes, brackets and a port.
    private static func address(_ text: Substring) -> SourceAddress? {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        if text.first == "[", let end = text.firstIndex(of: "]") {
            return SourceAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return SourceAddress(String(parts.count == 2 ? parts[0] : text))
    }
}
