// SPDX-License-Identifier: Apache-2.0

/// The meaning of an error reply from a cluster node.
enum ClusterErrorReply: Equatable {
    /// Another node now serves the slot.
    ///
    /// The command did not run.
    case moved(HashSlot, RedisConfiguration.Endpoint)
    /// Another node serves this command, but only after `ASKING`.
    ///
    /// The command did not run.
    case ask(RedisConfiguration.Endpoint)
    /// The node temporarily cannot serve the command.
    ///
    /// The command did not run.
    ///
    /// - Parameter refreshes: Whether the slot map may be outdated.
    case retry(refreshes: Bool)
    /// The command itself failed.
    case commandError

    /// Parses an error reply.
    ///
    /// After errors such as `MOVED`, the command has not run. However, a script can raise the same errors after a write. An
    /// error that was raised within a script is therefore a ``commandError``. The exception is `READONLY`, which the server
    /// raises before the first write.
    ///
    /// - Parameters:
    ///   - text: The error text.
    ///   - node: The address of the node that replied; `nil` if the slot map does not contain the node.
    ///   - members: The addresses of all nodes in the slot map. If an `ASK` contains no host, its target is one of these nodes.
    init(
        _ text: String,
        from node: RedisConfiguration.Endpoint?,
        among members: [RedisConfiguration.Endpoint] = []
    ) {
        let kind = RedisError.kind(of: text)
        if kind == "READONLY" {
            self = .retry(refreshes: true)
            return
        }
        guard !text.contains(" script: ") else {
            self = .commandError
            return
        }
        switch kind {
        case "MOVED", "ASK":
            // A redirection can contain `?` instead of a host. After MOVED, the new slot map contains the host. After ASK, the
            // target is the only node with this port.
            let candidates = kind == "ASK" ? members : []
            guard let (slot, endpoint) = Self.redirection(text, from: node, among: candidates) else {
                // The command did not run, but the node that serves the slot is unknown.
                self = .retry(refreshes: true)
                return
            }
            self = kind == "ASK" ? .ask(endpoint) : .moved(slot, endpoint)
        case "CLUSTERDOWN", "MASTERDOWN":
            self = .retry(refreshes: true)
        case "TRYAGAIN", "LOADING":
            self = .retry(refreshes: false)
        default:
            self = .commandError
        }
    }

    /// Parses a redirection such as `MOVED 3999 127.0.0.1:6381`.
    ///
    /// An IPv6 address in a redirection has no brackets.
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
