/// What went wrong between a caller and Redis.
///
/// Match on ``code``: it says whether the command can have run. No part of an error holds a password or an argument of
/// a command.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public var code: Code

    /// What happened, for a person to read.
    public var message: String

    /// The first word of the server's error, such as `OOM`, `READONLY`, `NOSCRIPT` or `ERR`, if the server answered
    /// with one.
    public var serverErrorKind: String?

    /// The error underneath, if there is one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(code: Code, message: String, serverErrorKind: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.serverErrorKind = serverErrorKind
        self.cause = cause
    }

    /// The code, the message and the cause in one line.
    public var description: String {
        let cause = self.cause.map { " (\($0))" } ?? ""
        return "\(self.code): \(self.message)\(cause)"
    }
}

extension RedisError {
    /// The kinds of error whose text is the server's own, without a word of the command that was sent.
    private static let kindsWithoutArguments: Set<String> = [
        "BUSY", "CLUSTERDOWN", "CROSSSLOT", "DENIED", "LOADING", "MASTERDOWN", "MISCONF", "NOAUTH", "NOPERM",
        "NOREPLICAS", "NOSCRIPT", "OOM", "READONLY", "TRYAGAIN", "WRONGTYPE",
    ]

    /// Reads the text of a server's error reply.
    ///
    /// Redis repeats arguments in many errors, so of other kinds no more is kept than the kind and the line of a
    /// script.
    init(serverText: String) {
        let kind = Self.kind(of: serverText)
        let text = serverText.prefix { !$0.isNewline }
        let position = #/ script: [0-9a-f]{40}, on @(user_script:[0-9]{1,9})\.$/#
        let message =
            if let redirection = Self.redirection(kind, text) {
                redirection
            } else if Self.kindsWithoutArguments.contains(kind) {
                String(text.prefix(256))
            } else if let script = text.suffix(128).firstMatch(of: position) {
                "The server answered with \(kind) at \(script.1)."
            } else {
                "The server answered with \(kind)."
            }
        // Without AUTH every answer is NOAUTH, and no command has run.
        let code: Code = kind == "NOAUTH" ? .authenticationFailed : .server
        self.init(code: code, message: message, serverErrorKind: kind)
    }

    /// Describes a redirection that cannot be followed: without an address, or from a server that was not expected to be a cluster.
    private static func redirection(_ kind: String, _ text: Substring) -> String? {
        guard kind == "MOVED" || kind == "ASK" else { return nil }
        let address = text.split(separator: " ").dropFirst(2).first
        // The port follows the last colon: an IPv6 address has no brackets.
        if let address, let host = address.lastIndex(of: ":").map({ address[..<$0] }), !host.isEmpty, host != "?" {
            return "The server answered with \(kind): it is a node of a cluster, and another node serves the key. "
                + "With one server configured, use redis-cluster://; otherwise the nodes do not agree on the slot yet."
        }
        return
            "The server answered with \(kind) and no address of the other node. On each node, set cluster-announce-ip, "
            + "or cluster-announce-hostname if cluster-preferred-endpoint-type is hostname."
    }

    static func kind(of serverText: String) -> String {
        let word = serverText.prefix { $0 != " " && $0 != "\r" && $0 != "\n" }
        let isKind =
            !word.isEmpty && word.utf8.count <= 32 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F }
        return isKind ? String(word) : "ERR"
    }
}

extension RedisError {
    static var clientClosed: Self { Self(code: .clientClosed, message: "The client was shut down.") }
    static var eventLoopEnded: Self {
        Self(code: .clientClosed, message: "The event loops of the client were shut down.")
    }
    static var notWritten: Self { Self(code: .connectionFailed, message: "The command could not be written in time.") }
    static var noReplyInTime: Self { Self(code: .outcomeUnknown, message: "The server did not reply in time.") }
    static var outOfMemory: Self { Self(code: .connectionFailed, message: "There is no memory for it.") }
    static var overloaded: Self { Self(code: .overloaded, message: "Too many commands or bytes are waiting already.") }
    static var cancelled: Self { Self(code: .cancelled, message: "The caller's task was cancelled.") }
}
