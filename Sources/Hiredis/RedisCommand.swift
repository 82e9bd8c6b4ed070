/// A command as a caller gave it, before it becomes bytes.
struct RedisCommand: Sendable {
    /// What `EVAL` and `EVALSHA` take before their arguments.
    struct ScriptCall: Sendable {
        /// The digest or the text of the script.
        var script: String
        var keys: [String]
    }

    var name: String
    var scriptCall: ScriptCall?
    var arguments: [RedisArgument]

    /// The number of words, the name included.
    var count: Int {
        let scriptWords = self.scriptCall.map { 2 + $0.keys.count } ?? 0
        return 1 + scriptWords + self.arguments.count
    }

    /// Whether replicas may have to follow it; a command that is not known to read only counts as a write.
    var mayWrite: Bool {
        self.scriptCall != nil || !Self.readOnly.contains(self.name.uppercased())
    }

    private static let readOnly: Set<String> = [
        "CLIENT", "COMMAND", "CONFIG", "DBSIZE", "ECHO", "EXISTS", "GET", "GETRANGE", "HGET", "HGETALL", "HLEN",
        "HMGET",
        "INFO", "LLEN", "LRANGE", "MEMORY", "MGET", "PING", "PTTL", "ROLE", "SCAN", "SCARD", "SCRIPT", "SELECT",
        "SENTINEL", "SISMEMBER", "SLOWLOG", "SMEMBERS", "STRLEN", "TIME", "TTL", "TYPE", "WAIT", "ZCARD", "ZRANGE",
        "ZSCORE",
    ]
}
