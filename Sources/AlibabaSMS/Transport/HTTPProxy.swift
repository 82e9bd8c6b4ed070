// SPDX-License-Identifier: Apache-2.0

public import Redaction

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An HTTP proxy that tunnels requests with CONNECT, and the hosts that bypass the proxy.
///
/// Requests to this machine, to link-local addresses and to the metadata service always bypass the proxy.
public struct HTTPProxy: Sendable, Hashable {
    /// The host name or address of the proxy.
    public let host: String

    /// The port of the proxy.
    public let port: Int

    /// Whether `http:` requests also use the proxy.
    ///
    /// By default, only `https:` requests use the proxy, as with the variable `HTTPS_PROXY`.
    public var includesPlaintext = false

    let user: String?
    let password: String?
    let exceptions: [ProxyException]

    /// Creates the settings of a proxy.
    ///
    /// - Parameters:
    ///   - url: The URL, in the form `http://HOST:PORT` or `http://USER:PASSWORD@HOST:PORT`. Reserved characters in the user
    ///     name and the password must be percent-encoded. The default port is 80.
    ///   - exceptions: The hosts that bypass the proxy, in the format of `NO_PROXY`. An entry is a name, an address, a
    ///     network such as `10.0.0.0/8`, or `*` for all hosts. The entry `example.com` includes the subdomains. The entries
    ///     `*.example.com` and `.example.com` apply to the subdomains only. An entry with `:PORT` at the end applies to that
    ///     port only. A network cannot have a port.
    /// - Throws: An ``AlibabaSMSError``. If the URL is invalid, ``AlibabaSMSError/field`` is `proxy`, and the message does not
    ///   quote the URL. If an entry of `exceptions` is invalid, ``AlibabaSMSError/field`` is `proxyExceptions`, and the
    ///   message names the first invalid entry.
    public init(url: String, exceptions: [String] = []) throws(AlibabaSMSError) {
        let text = url.contains("://") ? url : "http://\(url)"
        guard
            let parsed = URL(string: text), let host = parsed.host(percentEncoded: false), !host.isEmpty,
            ["", "/"].contains(parsed.path()), parsed.query() == nil, parsed.fragment() == nil
        else { throw Self.error("must be a URL such as http://proxy.example.com:3128") }
        guard parsed.scheme?.lowercased() == "http" else {
            throw Self.error("must be an http URL: HTTPS and SOCKS proxies are not supported")
        }
        let port = parsed.port ?? 80
        guard (1...65_535).contains(port) else { throw Self.error("must have a port from 1 to 65535") }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        self.user = parsed.user(percentEncoded: false)
        self.password = parsed.password(percentEncoded: false)
        self.exceptions = try Self.exceptions(exceptions)
    }

    /// Returns the proxy from `HTTPS_PROXY` or `https_proxy`, with the exceptions from `NO_PROXY` or `no_proxy`.
    ///
    /// - Parameter environment: The environment variables.
    /// - Returns: The proxy, or `nil` if neither `HTTPS_PROXY` nor `https_proxy` is set.
    /// - Throws: An ``AlibabaSMSError`` if the URL or an exception is invalid, as for ``init(url:exceptions:)``.
    public static func fromEnvironment(_ environment: [String: String]) throws(AlibabaSMSError) -> Self? {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        guard let url = value("HTTPS_PROXY", "https_proxy") else { return nil }
        let exceptions = (value("NO_PROXY", "no_proxy") ?? "").split { $0 == "," || $0.isWhitespace }
        return try Self(url: url, exceptions: exceptions.map(String.init))
    }

    /// Returns whether a request goes through the proxy.
    ///
    /// - Parameter url: The URL of the request.
    /// - Returns: `false` for a host that bypasses the proxy, and for an `http:` URL if ``includesPlaintext`` is `false`.
    func applies(to url: String) -> Bool {
        guard let target = ProxyTarget(url: url), target.isSecure || self.includesPlaintext else { return false }
        return !target.isLocal && !self.exceptions.contains { $0.matches(target) }
    }

    /// Parses the exceptions.
    ///
    /// Empty entries are skipped.
    private static func exceptions(_ texts: [String]) throws(AlibabaSMSError) -> [ProxyException] {
        var exceptions: [ProxyException] = []
        for (index, text) in texts.enumerated() where !text.allSatisfy(\.isWhitespace) {
            guard let exception = ProxyException(text) else {
                // Only printable ASCII is quoted, so the text cannot control a terminal.
                let entry = text.filter { ("!"..."~").contains($0) }.prefix(64)
                throw AlibabaSMSError(
                    .invalidConfiguration,
                    field: "proxyExceptions",
                    message:
                        "entry \(index + 1), \(entry), is not a host, an address or a network such as 10.0.0.0/8"
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
    /// The host and the port, without the user name and the password.
    public var description: String { "\(self.host.contains(":") ? "[\(self.host)]" : self.host):\(self.port)" }
}
