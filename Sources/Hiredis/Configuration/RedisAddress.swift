// SPDX-License-Identifier: Apache-2.0

/// The address of a server, which is fixed or reported by the sentinels for each new connection.
enum RedisAddress: Sendable {
    /// A fixed address.
    case fixed(RedisConfiguration.Endpoint)
    /// The address of the primary that the sentinels report.
    case sentinel(SentinelLocator)

    var locator: SentinelLocator? {
        if case .sentinel(let locator) = self { locator } else { nil }
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The fixed address of the server; with Sentinel, the name of the primary.
    var description: String {
        switch self {
        case .fixed(let endpoint): endpoint.description
        case .sentinel(let locator): "the primary \(locator.primaryName)"
        }
    }

    /// The name of the server in error messages, without the path of a socket.
    var errorName: String {
        if case .fixed(let endpoint) = self { endpoint.errorName } else { self.description }
    }
}
