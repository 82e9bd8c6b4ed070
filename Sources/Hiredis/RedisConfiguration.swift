/// Where a Redis server is, and how to talk to it.
///
/// Its description, its dump and the errors about it never show the password.
public struct RedisConfiguration: Sendable {
    /// The address of a server.
    public enum Endpoint: Sendable, Hashable {
        /// A host name or an IP address, and a port.
        case tcp(host: String, port: Int)
        /// The path of a Unix domain socket.
        case unixSocket(path: String)
    }

    /// What a server may send before it counts as broken and its connection is closed.
    public struct Limits: Sendable, Hashable {
        /// The longest string in a reply, in bytes; 1 MiB unless set.
        public var bulkLength: Int = 1 << 20

        /// The most elements that the arrays of one reply may announce together; 65,536 unless set.
        public var arrayElements: Int = 1 << 16

        /// How deep arrays may lie inside arrays; 7 unless set, which is also the most that hiredis 0.14 reads.
        public var nesting: Int = 7

        /// The most bytes that all strings of one reply, or a reply that is not complete yet, may take; 4 MiB unless
        /// set.
        public var replyLength: Int = 4 << 20

        /// Creates the default limits.
        public init() {}
    }

    /// The server's address.
    public var endpoint: Endpoint

    /// The ACL user, or `nil` for the default user.
    public var username: String?

    /// The password, or `nil` if there is none; sent before anything else on each new connection.
    public var password: String?

    /// The number of the database, selected on each new connection; 0 unless set.
    public var database: Int = 0

    /// How long connecting may take, with name resolution, `AUTH` and `SELECT`; 1 second unless set.
    public var connectTimeout: Duration = .seconds(1)

    /// How long a command may take, with the wait for a connection; 1 second unless set.
    ///
    /// Replies are positional, so a command that takes longer costs the connection, and every command on it its
    /// outcome.
    public var commandTimeout: Duration = .seconds(1)

    /// What a server may send.
    public var limits: Limits = Limits()

    /// Creates the configuration of a server without a password.
    public init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }
}

extension RedisConfiguration.Endpoint: CustomStringConvertible {
    /// The address as `host:port` or as a path.
    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
    /// The configuration without its password.
    public var description: String {
        let user = self.username.map { ", username: \($0)" } ?? ""
        let password = self.password == nil ? "" : ", password: redacted"
        return "RedisConfiguration(\(self.endpoint)\(user)\(password), database: \(self.database))"
    }

    /// The fields without the password.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "endpoint": self.endpoint.description,
                "username": self.username ?? "none",
                "password": self.password == nil ? "none" : "redacted",
                "database": self.database,
                "connectTimeout": self.connectTimeout,
                "commandTimeout": self.commandTimeout,
                "limits": self.limits,
            ],
            displayStyle: .struct
        )
    }
}
