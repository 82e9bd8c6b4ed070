// SPDX-License-Identifier: Apache-2.0

public import SendGuard

/// The proxies whose headers state the address of a client.
///
/// By default, no proxy is trusted, and the address of the connection is the address of the client. If the connection does not
/// come from a listed proxy, the header is ignored. Each proxy appends the address from which it received the request, so the
/// header is read from its right end. The first address that is not a listed proxy is the client.
///
/// If the header is missing, or if an address in it is malformed, the last address that could be read is the client. This is
/// the address of a listed proxy. All requests with a missing or malformed header therefore share the limits of the proxy's
/// address, so a sender cannot escape the limits by such a header.
public struct TrustedProxies: Sendable, Hashable {
    /// The header that the proxies append to.
    ///
    /// Only one header is read, because a proxy may forward the other header unchanged from the client.
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

        /// All headers in this version.
        public static var all: [Self] { Base.allCases.map(Self.init) }

        /// The name of the header in lower case.
        public var description: String { self.base.rawValue }
    }

    /// The addresses of the proxies.
    public var ranges: [AddressRange]

    /// The header that the proxies append to.
    public var header: Header

    /// Creates a list of proxies.
    ///
    /// - Parameters:
    ///   - ranges: The addresses of the proxies; by default no proxy is trusted.
    ///   - header: The header that the proxies append to.
    public init(_ ranges: [AddressRange] = [], header: Header = .xForwardedFor) {
        self.ranges = ranges
        self.header = header
    }

    /// Returns the address of the client of a request.
    ///
    /// - Parameters:
    ///   - peer: The address of the connection.
    ///   - values: The values of the header, in the order of the request.
    /// - Returns: The address.
    func client(of peer: SourceAddress, _ values: [String]) -> SourceAddress {
        var address = peer
        var hops = self.hops(values)[...]
        while self.isProxy(address), let hop = hops.popLast(), let next = hop { address = next }
        return address
    }

    private func isProxy(_ address: SourceAddress) -> Bool {
        self.ranges.contains { $0.contains(address) }
    }

    /// Returns the addresses in a header, and `nil` for each malformed one.
    private func hops(_ values: [String]) -> [SourceAddress?] {
        let elements = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        // Only the last 32 addresses are read, which is more than any chain of proxies has.
        return elements.suffix(32)
            .map { element in
                let node: Substring? = self.header == .forwarded ? Self.forwardedNode(element) : element[...]
                return node.flatMap(Self.address)
            }
    }

    /// Returns the value of the parameter `for` in an element of `Forwarded`.
    private static func forwardedNode(_ element: Substring) -> Substring? {
        for pair in element.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ $0 != " " && $0 != "\t" }).lowercased() == "for" else { continue }
            return parts[1]
        }
        return nil
    }

    /// Parses an address with optional spaces, quotes, brackets and port.
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
