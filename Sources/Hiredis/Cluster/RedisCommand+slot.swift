// SPDX-License-Identifier: Apache-2.0

extension RedisCommand {
    /// The commands that any node of a cluster can run.
    private static let namesWithoutKey: Set<String> = [
        "ACL", "AUTH", "BGREWRITEAOF", "BGSAVE", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DBSIZE", "DEBUG", "ECHO",
        "FLUSHALL", "FLUSHDB", "FUNCTION", "INFO", "KEYS", "LASTSAVE", "LATENCY", "MODULE", "PING", "PUBLISH",
        "RANDOMKEY", "ROLE", "SCAN", "SCRIPT", "SLOWLOG", "TIME", "WAIT",
    ]

    /// The commands whose first two arguments are a script and the number of keys.
    ///
    /// The keys follow these arguments.
    private static let namesOfScriptCalls: Set<String> = [
        "EVAL", "EVALSHA", "EVALSHA_RO", "EVAL_RO", "FCALL", "FCALL_RO",
    ]

    /// The hash slot of the first key; `nil` if any node can run the command.
    ///
    /// The property knows the commands without a key (`namesWithoutKey`) and the commands that call a script
    /// (`namesOfScriptCalls`). For any other command, it assumes that the first argument is the key. If the assumption is
    /// wrong, the node redirects the command.
    var slot: HashSlot? {
        if let call = self.scriptCall {
            return call.keys.first.map { HashSlot(key: $0) }
        }
        guard !self.arguments.isEmpty else { return nil }
        let name = self.name.uppercased()
        guard !Self.namesWithoutKey.contains(name) else { return nil }
        guard Self.namesOfScriptCalls.contains(name) else { return Self.slot(of: self.arguments[0]) }
        guard self.arguments.count > 2, ![0, "0", .bytes([0x30])].contains(self.arguments[1]) else { return nil }
        return Self.slot(of: self.arguments[2])
    }

    private static func slot(of key: RedisArgument) -> HashSlot {
        switch key {
        case .text(let text): HashSlot(key: text)
        case .bytes(let bytes): HashSlot(key: bytes)
        case .integer(let number): HashSlot(key: String(number))
        }
    }
}
