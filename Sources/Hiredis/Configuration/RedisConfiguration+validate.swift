// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The maximum of the timeouts and of the health check interval.
    private static let longestDuration = Duration.seconds(86_400)

    /// Checks the settings, without connecting to a server or reading files.
    ///
    /// The initializers that receive a configuration, such as those of `RedisOTPStore`, also perform this check.
    /// - Throws: ``RedisError/Code/invalidConfiguration`` with the name of the invalid setting.
    public func validate() throws(RedisError) {
        try self.validateDeployment()
        try Self.check(self.connectTimeout > .zero && self.connectTimeout <= Self.longestDuration) {
            "connectTimeout must be longer than 0 and at most 24 hours"
        }
        try Self.check(self.commandTimeout > .zero && self.commandTimeout <= Self.longestDuration) {
            "commandTimeout must be longer than 0 and at most 24 hours"
        }
        try Self.check(self.healthCheckInterval.map { $0 > .zero && $0 <= Self.longestDuration } ?? true) {
            "healthCheckInterval must be longer than 0 and at most 24 hours, or nil"
        }
        try Self.check(self.keepAliveInterval.map { $0 >= .seconds(1) && $0 <= .seconds(32_767) } ?? true) {
            "keepAliveInterval must be from 1 to 32,767 seconds, or nil"
        }
        try Self.check(1...CommandLoad.greatestCommandLimit ~= self.maximumCommandsInFlight) {
            "maximumCommandsInFlight must be from 1 to \(CommandLoad.greatestCommandLimit)"
        }
        try Self.check(1...CommandLoad.greatestByteLimit ~= self.maximumBytesInFlight) {
            "maximumBytesInFlight must be from 1 to \(CommandLoad.greatestByteLimit)"
        }
        try Self.check(self.minimumReplicas >= 0) { "minimumReplicas must not be negative" }
        try Self.check(self.database >= 0) { "database must not be negative" }
        try self.limits.validate()
    }

    private func validateDeployment() throws(RedisError) {
        switch self.deployment.kind {
        case .standalone(let endpoint):
            try endpoint.validate()
        case .sentinel(let sentinel):
            try Self.check(!sentinel.sentinels.isEmpty && !sentinel.primaryName.isEmpty) {
                "Sentinel requires the address of a sentinel and the name of the primary"
            }
            for endpoint in sentinel.sentinels { try endpoint.validate() }
        case .cluster(let seeds):
            try Self.check(!seeds.isEmpty) { "a cluster requires the address of a node" }
            try Self.check(self.database == 0) { "database must be 0 for a cluster" }
            for endpoint in seeds { try endpoint.validate() }
        }
    }

    fileprivate static func check(_ isUsable: Bool, _ reason: () -> String) throws(RedisError) {
        guard !isUsable else { return }
        throw RedisError(code: .invalidConfiguration, message: "the Redis settings are invalid: \(reason())")
    }
}

extension RedisConfiguration.Limits {
    fileprivate func validate() throws(RedisError) {
        let limits = [self.bulkLength, self.arrayElements, self.nesting, self.replyLength]
        try RedisConfiguration.check(limits.allSatisfy { $0 > 0 }) { "each of the limits must be at least 1" }
    }
}

extension RedisConfiguration.Endpoint {
    fileprivate func validate() throws(RedisError) {
        switch self.kind {
        case .tcp(let host, let port):
            try RedisConfiguration.check(!host.isEmpty) { "a host is empty" }
            try RedisConfiguration.check(1...65_535 ~= port) { "the port \(port) is not from 1 to 65535" }
        case .unixSocket(let path):
            try RedisConfiguration.check(1...Self.longestSocketPath ~= path.utf8.count) {
                "the socket path must have 1 to \(Self.longestSocketPath) bytes, and has \(path.utf8.count)"
            }
        }
    }

    /// The maximum length of a socket path on all platforms, in bytes.
    private static let longestSocketPath = 103
}
