// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The address of a server.
    ///
    /// Later versions may add transports.
    public struct Endpoint: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case tcp(host: String, port: Int)
            case unixSocket(path: String)
        }

        package let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// Returns an address with a host and a port.
        ///
        /// - Parameters:
        ///   - host: The host name, or the IP address without brackets.
        ///   - port: The port, from 1 to 65,535.
        /// - Returns: The address.
        public static func tcp(host: String, port: Int) -> Self {
            Self(.tcp(host: host, port: port))
        }

        /// Returns the address of a Unix domain socket.
        ///
        /// - Parameter path: The path, which has at most 103 bytes.
        /// - Returns: The address.
        public static func unixSocket(path: String) -> Self {
            Self(.unixSocket(path: path))
        }
    }
}

extension RedisConfiguration.Endpoint {
    /// The host; `nil` for a Unix domain socket.
    var host: String? {
        if case .tcp(let host, _) = self.kind { host } else { nil }
    }

    /// The port; `nil` for a Unix domain socket.
    package var port: Int? {
        if case .tcp(_, let port) = self.kind { port } else { nil }
    }

    /// The name of the server in error messages: `host:port`, or "the server" for a Unix domain socket.
    ///
    /// Error messages may be sent to other machines, so they do not contain the path of a socket.
    var errorName: String {
        if case .tcp = self.kind { self.description } else { "the server" }
    }
}

extension RedisConfiguration.Endpoint: CustomStringConvertible {
    /// The address as `host:port`, or the path of the socket.
    public var description: String {
        switch self.kind {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}
