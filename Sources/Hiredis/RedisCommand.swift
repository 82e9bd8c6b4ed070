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
}
