// SPDX-License-Identifier: Apache-2.0

/// A command before its encoding.
struct RedisCommand: Sendable {
    /// The script and the keys of `EVAL` and `EVALSHA`, which precede the arguments.
    struct ScriptCall: Sendable {
        /// The digest or the source of the script.
        var script: String
        var keys: [String]
    }

    let name: String
    let scriptCall: ScriptCall?
    let arguments: [RedisArgument]

    /// Whether a cancelled caller stops waiting for the reply.
    let isCancellable: Bool

    /// An upper bound of the encoded size, in bytes.
    let sizeBound: Int

    init(
        name: String,
        scriptCall: ScriptCall? = nil,
        arguments: [RedisArgument],
        isCancellable: Bool = true
    ) {
        self.name = name
        self.scriptCall = scriptCall
        self.arguments = arguments
        self.isCancellable = isCancellable
        self.sizeBound = Self.sizeBound(name, scriptCall, arguments)
    }

    /// The number of words in the command: the name and all arguments.
    var count: Int {
        let scriptWords = self.scriptCall.map { 2 + $0.keys.count } ?? 0
        return 1 + scriptWords + self.arguments.count
    }

    /// Whether the command may write.
    ///
    /// Unknown commands count as writes.
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

    /// The number of characters of `Int64.min` in decimal.
    static let longestInteger = 20

    /// The maximum size of a word's length prefix and its two line endings, in bytes.
    private static let frame = 1 + Self.longestInteger + 4

    private static func sizeBound(_ name: String, _ call: ScriptCall?, _ arguments: [RedisArgument]) -> Int {
        // The name and the number of words need a frame too.
        var words = 2 + arguments.count
        var size = name.utf8.count
        if let call {
            words += 2 + call.keys.count
            size += call.script.utf8.count + Self.longestInteger
            for key in call.keys { size += key.utf8.count }
        }
        for argument in arguments {
            switch argument {
            case .text(let text): size += text.utf8.count
            case .bytes(let bytes): size += bytes.count
            case .integer: size += Self.longestInteger
            }
        }
        return size + words * Self.frame
    }
}
