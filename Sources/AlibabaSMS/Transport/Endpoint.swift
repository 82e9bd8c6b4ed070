// SPDX-License-Identifier: Apache-2.0

import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The server to which requests are sent, with the origin of its URL and the value of the `Host` header.
struct Endpoint: Sendable, Hashable {
    /// The scheme, host and port, without a trailing slash.
    let origin: String

    /// The value of the `Host` header.
    ///
    /// The value includes the port unless the port is the default of the scheme.
    let host: String

    /// The host name or IP address, without brackets around an IPv6 address.
    let address: String

    let port: Int

    init(_ configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try self.init(
            configuration.endpoint,
            field: "endpoint",
            allowsPlaintext: configuration.allowsPlaintextEndpoint
        )
    }

    /// Parses a URL.
    ///
    /// - Parameters:
    ///   - text: The URL, with a scheme, a host and an optional port.
    ///   - field: The name of the setting in error messages.
    ///   - allowsPlaintext: Whether `http:` is allowed for hosts other than this machine.
    /// - Throws: An error that states the required form of the URL.
    init(_ text: String, field: String, allowsPlaintext: Bool) throws(AlibabaSMSError) {
        guard
            let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let urlHost = url.host(), !urlHost.isEmpty
        else { throw AlibabaSMSConfiguration.error(field, "must be an https URL with a host") }
        guard
            ["", "/"].contains(url.path()), url.query() == nil, url.fragment() == nil, url.user() == nil,
            url.password() == nil
        else { throw AlibabaSMSConfiguration.error(field, "must have only a scheme, a host and a port") }

        let bare = urlHost.hasPrefix("[") ? String(urlHost.dropFirst().dropLast()) : urlHost
        guard scheme == "https" || allowsPlaintext || bare.isLoopbackHost else {
            throw AlibabaSMSConfiguration.error(field, "must be https: with http, requests are sent in clear")
        }
        let name = bare.contains(":") ? "[\(bare)]" : bare.lowercased()
        let standardPort = scheme == "https" ? 443 : 80
        self.address = bare.lowercased()
        self.port = url.port ?? standardPort
        self.host = url.port.map { $0 == standardPort ? name : "\(name):\($0)" } ?? name
        self.origin = "\(scheme)://\(self.host)"
    }
}
