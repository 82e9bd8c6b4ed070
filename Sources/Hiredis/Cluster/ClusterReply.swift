/// What an error of a cluster's node means for the command that it answers.
enum ClusterReply: Equatable {
    /// The slot is at another node, and stays there; the command did not run.
    case moved(HashSlot, RedisConfiguration.Endpoint)
    /// Another node is to be asked, this once; the command did not run.
    case ask(RedisConfiguration.Endpoint)
    /// The node cannot serve the command at this moment; the command did not run.
    case notNow(refreshes: Bool)
    /// The error is the command's own.
    case final

    /// Reads an error.
    ///
    /// A node decides all this before it runs a command. What a script says in the same words it may say after it has
    /// written something, so an error from within a script is final. `READONLY` is the exception: a server says it only
    /// while a script has not written yet.
    /// - Parameters:
    ///   - text: The text of the error.
    ///   - node: Who answered, if that is known.
    ///   - members: The nodes of the map, among which a node without a hostname is looked for.
    init(
        _ text: String,
        from node: RedisConfiguration.Endpoint?,
        among members: [RedisConfiguration.Endpoint] = []
    ) {
        let kind = RedisError.kind(of: text)
        if kind == "READONLY" {
            self = .notNow(refreshes: true)
            return
        }
        guard !text.contains(" script: ") else {
            self = .final
            return
        }
        switch kind {
        case "MOVED", "ASK":
            // The map tells the address for MOVED; for ASK nothing does but the port, if it is that of one node only.
            let candidates = kind == "ASK" ? members : []
            guard let (slot, endpoint) = Self.redirection(text, from: node, among: candidates) else {
                // It did not run, but where it would run is not said.
                self = .notNow(refreshes: true)
                return
            }
            self = kind == "ASK" ? .ask(endpoint) : .moved(slot, endpoint)
        case "CLUSTERDOWN", "MASTERDOWN":
            self = .notNow(refreshes: true)
        case "TRYAGAIN", "LOADING":
            self = .notNow(refreshes: false)
        default:
            self = .final
        }
    }

    /// Reads `MOVED 3999 127.0.0.1:6381`; an IPv6 address has no brackets.
    private static func redirection(
        _ text: String,
        from node: RedisConfiguration.Endpoint?,
        among members: [RedisConfiguration.Endpoint]
    ) -> (HashSlot, RedisConfiguration.Endpoint)? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let number = Int64(words[1]), let slot = HashSlot(number: number),
            let colon = words[2].lastIndex(of: ":"), let port = Int64(words[2][words[2].index(after: colon)...])
        else { return nil }
        let host = words[2][..<colon]
        if host == "?" {
            let candidates = members.filter { $0.port == Int(port) }
            return candidates.count == 1 ? (slot, candidates[0]) : nil
        }
        guard
            let endpoint = RedisConfiguration.Endpoint(announced: String(host), port: port, by: node)
        else { return nil }
        return (slot, endpoint)
    }
}
