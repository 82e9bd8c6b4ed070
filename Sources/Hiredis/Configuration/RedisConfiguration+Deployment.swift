// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The topology of the servers that store the data: one server, Sentinel or a cluster.
    ///
    /// Later versions may add topologies.
    public struct Deployment: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case standalone(Endpoint)
            case sentinel(Sentinel)
            case cluster([Endpoint])
        }

        package let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// Returns a deployment of one server.
        public static func standalone(_ endpoint: Endpoint) -> Self {
            Self(.standalone(endpoint))
        }

        /// Returns a deployment of a primary and its replicas, with Sentinel for failover.
        public static func sentinel(_ sentinel: Sentinel) -> Self {
            Self(.sentinel(sentinel))
        }

        /// Returns a deployment of a Redis Cluster.
        ///
        /// - Parameter seeds: The addresses of some nodes. The client discovers all other nodes.
        /// - Returns: The deployment.
        public static func cluster(_ seeds: [Endpoint]) -> Self {
            Self(.cluster(seeds))
        }
    }
}

extension RedisConfiguration.Deployment: CustomStringConvertible {
    /// A text with the addresses of the servers.
    ///
    /// With Sentinel, the description also contains the name of the primary.
    public var description: String {
        func list(_ endpoints: [RedisConfiguration.Endpoint]) -> String {
            endpoints.map(\.description).joined(separator: ",")
        }
        switch self.kind {
        case .standalone(let endpoint): return endpoint.description
        case .sentinel(let sentinel): return "\(sentinel.primaryName) at the sentinels \(list(sentinel.sentinels))"
        case .cluster(let endpoints): return "the cluster at \(list(endpoints))"
        }
    }
}
