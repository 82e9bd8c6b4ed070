/// What the sentinels with the newest configuration say.
///
/// A failover raises the epoch of the configuration on one sentinel, and the others learn of it within seconds. Until
/// then they still name the old primary.
struct SentinelReplies {
    struct Answer {
        var sentinel: RedisNode
        var endpoint: RedisConfiguration.Endpoint
        var epoch: Int64
    }

    private let newest: [Answer]

    init(_ answers: [Answer]) {
        let epoch = answers.map(\.epoch).max()
        self.newest = answers.filter { $0.epoch == epoch }
    }

    /// The sentinels that name another server, unless there is one that names this one.
    func successor(of endpoint: RedisConfiguration.Endpoint) -> [RedisNode]? {
        guard !self.newest.isEmpty, !self.newest.contains(where: { $0.endpoint == endpoint }) else { return nil }
        return self.newest.map(\.sentinel)
    }

    /// Reads the epoch in what a sentinel tells about a primary: names and values in turn.
    static func epoch(in reply: RedisReply) -> Int64? {
        guard case .array(let parts) = reply,
            let name = parts.firstIndex(of: .bulk(Array("config-epoch".utf8))), name + 1 < parts.count,
            case .bulk(let digits) = parts[name + 1]
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
