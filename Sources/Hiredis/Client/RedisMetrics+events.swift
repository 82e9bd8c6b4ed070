// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

extension RedisMetrics {
    /// The counters of connections, failovers and failed commands.
    ///
    /// | Label | Dimensions |
    /// |---|---|
    /// | `otp.redis.connections` | `peer` (`server`, `sentinel`), `outcome` (`opened`, `failed`, `lost`) |
    /// | `otp.redis.failovers` | – |
    /// | `otp.redis.failures` | `code`, a ``RedisError/Code`` other than `server` |
    struct EventCounters: Sendable {
        let opened: Counter
        let failed: Counter
        let lost: Counter
        let failovers: Counter
        let failures: [RedisError.Code: Counter]

        init(peer: Peer, factory: any MetricsFactory) {
            func connections(_ outcome: String) -> Counter {
                Counter(
                    label: "otp.redis.connections",
                    dimensions: [("peer", peer.rawValue), ("outcome", outcome)],
                    factory: factory
                )
            }
            self.opened = connections("opened")
            self.failed = connections("failed")
            self.lost = connections("lost")
            self.failovers = Counter(label: "otp.redis.failovers", factory: factory)
            // A failed query to a sentinel is counted as a failed connection.
            let codes = peer == .server ? RedisError.Code.allFailures : []
            self.failures = Dictionary(
                uniqueKeysWithValues: codes.map { code in
                    let dimensions = [("code", code.description)]
                    return (code, Counter(label: "otp.redis.failures", dimensions: dimensions, factory: factory))
                }
            )
        }
    }

    /// Records a connection that is ready for commands.
    func connectionOpened(to server: String) {
        self.events.opened.increment()
        self.logger.info("Redis connected", metadata: self.metadata(server))
    }

    /// Records a failed connection attempt.
    ///
    /// The first of several consecutive failures is logged at notice level. Each later failure is logged at debug level.
    func connectionFailed(to server: String, _ error: RedisError, failures: Int) {
        self.events.failed.increment()
        self.logger.log(
            level: failures == 1 ? .notice : .debug,
            "Redis connection failed",
            metadata: self.metadata(server, error)
        )
    }

    /// Records the loss of an established connection.
    func connectionLost(to server: String, _ error: RedisError?) {
        self.events.lost.increment()
        self.logger.warning("Redis connection lost", metadata: self.metadata(server, error))
    }

    /// Records that a connection was closed because its server is no longer the primary.
    func connectionLeft(_ server: String) {
        self.logger.notice(
            "Redis connection closed, the server is no longer the primary",
            metadata: self.metadata(server)
        )
    }

    /// Records that the sentinels now report another primary.
    func primaryChanged(from old: String, to new: String) {
        self.events.failovers.increment()
        var metadata = self.metadata(new)
        metadata["redis.server.previous"] = "\(old)"
        self.logger.notice("Redis primary changed", metadata: metadata)
    }

    /// Records that the primaries of a cluster have changed.
    func primariesChanged(to servers: [String]) {
        self.events.failovers.increment()
        self.logger.notice(
            "Redis Cluster primaries changed",
            metadata: ["redis.servers": .array(servers.sorted().map { "\($0)" })]
        )
    }

    /// Counts a command that failed without a reply, by its error code.
    func commandFailed(_ code: RedisError.Code) {
        self.events.failures[code]?.increment()
    }

    private func metadata(_ server: String, _ error: RedisError? = nil) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["redis.server": "\(server)", "redis.peer": "\(self.peer.rawValue)"]
        if let error { metadata["redis.error"] = "\(error)" }
        return metadata
    }
}
