// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// Creates a configuration from a URL.
    ///
    /// | Form | Deployment |
    /// |---|---|
    /// | `redis://[user[:password]@]host[:port][/database]` | One server |
    /// | `redis-sentinel://[user[:password]@]host[:port],…[/database]?master=NAME` | The primary `NAME` of these sentinels |
    /// | `redis-cluster://[user[:password]@]host[:port],…` | A cluster, discovered through these nodes |
    /// | `unix:///path` | One server on this machine |
    ///
    /// With `rediss://`, `rediss-sentinel://` and `rediss-cluster://`, all connections use TLS. These schemes allow additional
    /// parameters: `ca`, `cert` and `key` are paths of PEM files, and `servername` is the name that certificates must contain.
    ///
    /// The user and the password before the `@` are for the servers. The parameters `username` and `password` are an
    /// alternative form. The parameters `sentinel-username` and `sentinel-password` are for the sentinels. `#NAME` is
    /// equivalent to `?master=NAME`, and `?db=` is equivalent to the database in the path. IPv6 addresses must be in brackets.
    /// The default port is 6379, or 26379 for sentinels. Each part is percent-decoded once.
    /// - Parameter url: The URL.
    /// - Throws: ``RedisError/Code/invalidConfiguration``. The message contains no part of the URL.
    public init(url: String) throws(RedisError) {
        let url = try RedisURL(url, parameterNames: Self.parameterNames)
        guard url.fragment == nil || url.scheme.hasSuffix("-sentinel") else {
            throw .invalidURL("write a number sign as %23")
        }
        switch url.scheme {
        case "redis-sentinel", "rediss-sentinel":
            self.init(deployment: .sentinel(try Self.sentinel(url)))
        case "redis-cluster", "rediss-cluster":
            self.init(deployment: .cluster(try url.endpoints(defaultPort: 6379)))
        case "unix":
            guard url.authority.isEmpty, url.path.utf8.count > 1 else {
                throw .invalidURL("write a socket as unix:///path, with three slashes")
            }
            self.init(endpoint: .unixSocket(path: try RedisURL.decoded(url.path)))
        default:
            self.init(endpoint: try url.endpoint())
        }
        self.database = try url.database() ?? 0
        if case .cluster = self.deployment.kind, self.database != 0 {
            throw .invalidURL("a cluster has database 0 only")
        }
        (self.username, self.password) = try url.credentials()
        self.username = try url.parameter("username") ?? self.username
        self.password = try url.parameter("password") ?? self.password
        if url.scheme.hasPrefix("rediss") {
            self.tls = try Self.tls(url)
        }
    }

    private static func parameterNames(of scheme: String) -> Set<Substring>? {
        let common: Set<Substring> = ["db", "username", "password"]
        let tls: Set<Substring> = ["ca", "cert", "key", "servername"]
        let sentinel: Set<Substring> = ["master", "sentinel-username", "sentinel-password"]
        switch scheme {
        case "redis", "redis-cluster", "unix": return common
        case "rediss", "rediss-cluster": return common.union(tls)
        case "redis-sentinel": return common.union(sentinel)
        case "rediss-sentinel": return common.union(sentinel).union(tls)
        default: return nil
        }
    }

    private static func sentinel(_ url: RedisURL) throws(RedisError) -> Sentinel {
        let parameter = try url.parameter("master")
        var fragment: String?
        if let text = url.fragment {
            fragment = try RedisURL.decoded(text)
        }
        guard let name = parameter ?? fragment, !name.isEmpty, name == fragment ?? name else {
            throw .invalidURL("set the parameter master once, to the name of the primary")
        }
        var sentinel = Sentinel(sentinels: try url.endpoints(defaultPort: 26379), primaryName: name)
        sentinel.username = try url.parameter("sentinel-username")
        sentinel.password = try url.parameter("sentinel-password")
        return sentinel
    }

    private static func tls(_ url: RedisURL) throws(RedisError) -> TLS {
        var tls = TLS()
        tls.trustedCertificatesFile = try url.parameter("ca")
        tls.certificateChainFile = try url.parameter("cert")
        tls.privateKeyFile = try url.parameter("key")
        tls.serverName = try url.parameter("servername")
        let values = [tls.trustedCertificatesFile, tls.certificateChainFile, tls.privateKeyFile, tls.serverName]
        guard !values.contains("") else { throw .invalidURL("a parameter has no value") }
        guard (tls.certificateChainFile == nil) == (tls.privateKeyFile == nil) else {
            throw .invalidURL("set the parameters cert and key together")
        }
        return tls
    }
}
