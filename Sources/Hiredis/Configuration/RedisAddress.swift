/// How the server of a connection is found, each time that the connection is made.
enum RedisAddress: Sendable {
    /// It is always the same.
    case fixed(RedisConfiguration.Endpoint)
    /// It is the one that the sentinels name.
    case sentinel(SentinelLocator)

    var locator: SentinelLocator? {
        if case .sentinel(let locator) = self { locator } else { nil }
    }
}
