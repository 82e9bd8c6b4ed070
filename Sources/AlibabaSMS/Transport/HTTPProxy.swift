import FoundationEssentials
public import Redaction

/// An HTTP proxy, through which requests go by CONNECT, and the hosts to which they go directly.
///
/// Requests to this host (`localhost`, 127.0.0.0/8, ::1), to link-local addresses and to the metadata service never go
/// through a proxy.
public struct HTTPProxy: Sendable, Hashable {
    /// The name or the address of the proxy.
    public let host: String

    /// The port of the proxy.
    public let port: Int

    /// Whether requests by `http:` go through the proxy, too; the default is `false`, as `HTTPS_PROXY` means.
    public var includesPlaintext = false

    let user: String?
    let password: String?
    let exceptions: [ProxyException]

    /// Creates a description of a proxy.
    ///
    /// - Parameters:
    ///   - url: The URL: `http://HOST:PORT`, with `USER:PASSWORD@` before the host if the proxy asks for them. Without a
    ///     port it is 80. Characters that have a meaning in a URL are percent-encoded.
    ///   - exceptions: The hosts without a proxy, in the form of `NO_PROXY`: names with all of their subdomains,
    ///     addresses, networks such as `10.0.0.0/8`, `*`; each with a port if it is for that port only.
    /// - Throws: An ``AlibabaSMSError`` whose field is `proxy` if the text is no such URL, which quotes nothing; or one
    ///   whose field is `proxyExceptions` and which names the first exception that cannot be used.
    public init(url: String, exceptions: [String] = []) throws(AlibabaSMSError) {
        let text = url.contains("://") ? url : "http://\(url)"
        guard
            let parsed = URL(string: text), let host = parsed.host(percentEncoded: false), !host.isEmpty,
            ["", "/"].contains(parsed.path()), parsed.query() == nil, parsed.fragment() == nil
        else { throw Self.error("must be a URL such as http://proxy.example.com:3128") }
        guard parsed.scheme?.lowercased() == "http" else {
            throw Self.error("must be an http URL: other kinds of proxies are not supported")
        }
        let port = parsed.port ?? 80
        guard (1...65_535).contains(port) else { throw Self.error("must have a port from 1 to 65535") }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        self.user = parsed.user(percentEncoded: false)
        self.password = parsed.password(percentEncoded: false)
        self.exceptions = try Self.exceptions(exceptions)
    }

    /// Reads `HTTPS_PROXY` or `https_proxy`, and `NO_PROXY` or `no_proxy`.
    ///
    /// - Parameter environment: The variables.
    /// - Returns: The proxy; `nil` if the variables name none.
    /// - Throws: An ``AlibabaSMSError`` if the text is no URL of an HTTP proxy, or an exception cannot be used; see
    ///   ``init(url:exceptions:)``.
    public static func fromEnvironment(_ environment: [String: String]) throws(AlibabaSMSError) -> Self? {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        guard let url = value("HTTPS_PROXY", "https_proxy") else { return nil }
        let exceptions = (value("NO_PROXY", "no_proxy") ?? "").split { $0 == "," || $0.isWhitespace }
        return try Self(url: url, exceptions: exceptions.map(String.init))
    }

    /// Whether a request goes through the proxy.
    ///
    /// - Parameter url: The URL of the request.
    /// - Returns: `false` for this host, the link, the exceptions and, unless it is included, plaintext.
    func applies(to url: String) -> Bool {
        guard let target = ProxyTarget(url: url), target.isSecure || self.includesPlaintext else { return false }
        return !target.isLocal && !self.exceptions.contains { $0.matches(target) }
    }

    /// Reads the exceptions; empty ones are skipped.
    private static func exceptions(_ texts: [String]) throws(AlibabaSMSError) -> [ProxyException] {
        var exceptions: [ProxyException] = []
        for (index, text) in texts.enumerated() where !text.allSatisfy(\.isWhitespace) {
            guard let exception = ProxyException(text) else {
                // Only what a terminal shows as it is.
                let entry = text.filter { ("!"..."~").contains($0) }.prefix(64)
                throw AlibabaSMSError(
                    .invalidConfiguration,
                    field: "proxyExceptions",
                    message:
                        "entry \(index + 1), \(entry), is neither a host, an address nor a network such as 10.0.0.0/8"
                )
            }
            exceptions.append(exception)
        }
        return exceptions
    }

    private static func error(_ message: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidConfiguration, field: "proxy", message: "proxy \(message)")
    }
}

extension HTTPProxy: Redacted {
    /// The host and the port, without the user and the password.
    public var description: String { "\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(self.port)" }
}
