// SPDX-License-Identifier: Apache-2.0

/// The replies of the sentinels with the newest configuration epoch.
///
/// A failover increments the epoch on one sentinel. The other sentinels receive the new epoch within seconds, and report the
/// old primary until then.
struct SentinelReplies {
    struct Reply {
        var sentinel: RedisNode
        var endpoint: RedisConfiguration.Endpoint
        var epoch: Int64
    }

    private let newest: [Reply]

    init(_ replies: [Reply]) {
        let epoch = replies.map(\.epoch).max()
        self.newest = replies.filter { $0.epoch == epoch }
    }

    /// Returns the sentinels with the newest epoch if all of them report a primary other than the given server.
    ///
    /// - Returns: The sentinels; `nil` if one of them reports the given server as the primary, or if no sentinel replied.
    func successor(of endpoint: RedisConfiguration.Endpoint) -> [RedisNode]? {
        guard !self.newest.isEmpty, !self.newest.contains(where: { $0.endpoint == endpoint }) else { return nil }
        return self.newest.map(\.sentinel)
    }

    /// Returns the configuration epoch in a reply to `SENTINEL MASTER`; `nil` if the reply contains no epoch.
    static func epoch(in reply: RedisReply) -> Int64? {
        guard case .array(let parts) = reply,
            let name = parts.firstIndex(of: .bulk(Array("config-epoch".utf8))), name + 1 < parts.count,
            case .bulk(let digits) = parts[name + 1]
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
