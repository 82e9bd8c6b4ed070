import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The words for a server that refuses a step of a new connection.
enum RedisRefusal {
    /// Sentences of Redis and Valkey without anything that was sent, and the remedy for each.
    private static let sentences: [(beginning: String, remedy: String)] = [
        (
            "ERR AUTH <password> called without any password configured for the default user",
            "remove the password from the settings, or set requirepass on the server"
        ),
        (
            "ERR Client sent AUTH, but no password is set",
            "remove the password from the settings, or set requirepass on the server"
        ),
        ("ERR DB index is out of range", "choose a database that the server has; see its setting databases"),
        ("ERR SELECT is not allowed in cluster mode", "use redis-cluster:// or the database 0"),
        ("WRONGPASS invalid username-password pair", "check the user and the password"),
        ("ERR invalid password", "check the password"),
        ("NOAUTH Authentication required", "the server needs a password"),
    ]

    /// Describes the refusal of a command.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - text: The text of the error, of which only a known sentence or the kind is repeated.
    /// - Returns: A sentence for people.
    static func message(of command: String, _ text: String) -> String {
        guard let known = Self.sentences.first(where: { text.hasPrefix($0.beginning) }) else {
            return "The server refused \(command) with \(RedisError.kind(of: text))."
        }
        return "The server refused \(command) with \"\(known.beginning)\": \(known.remedy)."
    }
}

extension RedisError {
    /// The error of a server to which no connection can be made.
    static func unreachable(_ endpoint: RedisConfiguration.Endpoint, _ cause: any Error) -> Self {
        let message =
            switch endpoint.kind {
            case .tcp: "The server at \(endpoint) cannot be reached."
            case .unixSocket(let path): "The socket \(path) cannot be used\(Self.reason(cause))."
            }
        return Self(code: .connectionFailed, message: message, cause: cause)
    }

    private static func reason(_ cause: any Error) -> String {
        switch (cause as? IOError)?.errnoCode {
        case ENOENT: ": it does not exist; is the server running?"
        case ECONNREFUSED: ": no server listens on it"
        case EACCES: ": this user may not open it"
        case ENOTSOCK, EPROTOTYPE: ": it is not the socket of a server"
        default: ""
        }
    }
}
