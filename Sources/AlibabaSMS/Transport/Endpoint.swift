import FoundationEssentials

/// Where requests go: the URL's origin, and the host as it is signed and sent.
struct Endpoint: Sendable, Hashable {
    /// The scheme, host and port, without a slash at the end.
    let origin: String

    /// The value of the host header: with the port only if it is not the scheme's own.
    let host: String

    init(_ configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try self.init(
            configuration.endpoint,
            field: "endpoint",
            allowsPlaintext: configuration.allowsPlaintextEndpoint
        )
    }

    /// Reads a URL.
    ///
    /// - Parameters:
    ///   - text: The URL: scheme, host and perhaps a port.
    ///   - field: The field that an error names.
    ///   - allowsPlaintext: Whether `http:` is allowed to hosts other than this one.
    /// - Throws: An error that says what the URL must be like.
    init(_ text: String, field: String, allowsPlaintext: Bool) throws(AlibabaSMSError) {
        guard
            let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let urlHost = url.host(), !urlHost.isEmpty
        else { throw AlibabaSMSConfiguration.error(field, "must be an https URL with a host") }
        guard
            ["", "/"].contains(url.path()), url.query() == nil, url.fragment() == nil, url.user() == nil,
            url.password() == nil
        else { throw AlibabaSMSConfiguration.error(field, "must be scheme, host and port, and nothing more") }

        let bare = urlHost.hasPrefix("[") ? String(urlHost.dropFirst().dropLast()) : urlHost
        guard scheme == "https" || allowsPlaintext || Self.isLoopback(bare) else {
            throw AlibabaSMSConfiguration.error(field, "must be https: what is sent would travel in clear")
        }
        let name = bare.contains(":") ? "[\(bare)]" : bare.lowercased()
        let standardPort = scheme == "https" ? 443 : 80
        self.host = url.port.map { $0 == standardPort ? name : "\(name):\($0)" } ?? name
        self.origin = "\(scheme)://\(self.host)"
    }

    private static func isLoopback(_ host: String) -> Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.lowercased() == "localhost" || host == "::1"
            || (octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil })
    }
}
