/// Where a Redis server is, and how to talk to it.
///
/// Its description, its dump and the errors about it never show the password.
public struct RedisConfiguration: Sendable {
    /// Where the data is.
    public var deployment: Deployment

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

    /// How many commands of a client may wait for their replies; 16,384 unless set.
    ///
    /// Beyond it a command fails immediately with ``RedisError/Code/overloaded``: its reply would come too late anyway, and
    /// waiting commands take memory. A command whose caller was cancelled counts until its reply has arrived, if it was written.
    public var maximumCommandsInFlight: Int = 16_384

    /// How many bytes the commands of a client that wait for their replies may have together; 256 MiB unless set.
    ///
    /// It bounds the memory for commands with large arguments, in the same way as ``maximumCommandsInFlight``. The size of a
    /// command counts as encoded, and up to 25 bytes more for each word.
    public var maximumBytesInFlight: Int = 256 << 20

    /// How long a connection may be idle before it is checked with a `PING`; 30 seconds unless set, `nil` for never.
    ///
    /// A NAT or a load balancer forgets idle connections without a word, and a command on such a connection would fail with
    /// ``RedisError/Code/outcomeUnknown``. So the first command after a longer pause waits for the reply to a `PING`, a quarter
    /// of ``commandTimeout`` at most, and then for a new connection. All idle connections to the server are checked together.
    public var healthCheckInterval: Duration? = .seconds(30)

    /// How long the reply to the `PING` may take, for tests; a quarter of ``commandTimeout`` unless set.
    var healthCheckTimeout: Duration?

    /// How long a TCP connection may be idle before the kernel sends keepalive probes; 60 seconds unless set, `nil` for never.
    ///
    /// Probes keep the connection in the tables of NATs and load balancers. Three probes without a reply, a quarter of this time
    /// apart, end the connection. The kernel counts whole seconds, from 1 to 32,767.
    public var keepAliveInterval: Duration? = .seconds(60)

    /// How many replicas must confirm what a command wrote before it counts as done; 0, none, unless set.
    ///
    /// Then the commands of each write are followed by one `WAIT`, and take the time of a replica's answer longer.
    /// What is not confirmed in time fails with ``RedisError/Code/outcomeUnknown``: the primary has it, and a
    /// failover may lose it. `WAIT` makes such a loss unlikely and not impossible, since a failover may choose a
    /// replica that had not confirmed yet.
    ///
    /// One batch is confirmed at a time, since the server holds back a connection that waits; what comes meanwhile
    /// leaves in the next write. An ACL user needs `+wait`.
    public var minimumReplicas: Int = 0

    /// How connections are encrypted, to the servers and to sentinels, or `nil` if they are not.
    public var tls: TLS?

    /// What the connections share of ``tls``; set once, by the client.
    var tlsContext: TLSContext?

    /// What a server may send.
    public var limits: Limits = Limits()

    /// Creates the configuration of servers without a password.
    public init(deployment: Deployment) {
        self.deployment = deployment
    }

    /// Creates the configuration of one server without a password.
    public init(endpoint: Endpoint) {
        self.init(deployment: .standalone(endpoint))
    }
}

extension RedisConfiguration {
    /// Checks the settings, and reads the files of TLS.
    mutating func prepare() throws(RedisError) {
        try self.validate()
        if let tls = self.tls {
            self.tlsContext = try TLSContext(tls)
        }
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
    /// The configuration without its password.
    public var description: String {
        let user = self.username.map { ", username: \($0)" } ?? ""
        let password = self.password == nil ? "" : ", password: redacted"
        let tls = self.tls == nil ? "" : ", TLS"
        return "RedisConfiguration(\(self.deployment)\(user)\(password), database: \(self.database)\(tls))"
    }

    /// The fields without the password.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "deployment": self.deployment.description,
                "username": self.username ?? "none",
                "password": self.password == nil ? "none" : "redacted",
                "database": self.database,
                "connectTimeout": self.connectTimeout,
                "commandTimeout": self.commandTimeout,
                "maximumCommandsInFlight": self.maximumCommandsInFlight,
                "maximumBytesInFlight": self.maximumBytesInFlight,
                "healthCheckInterval": self.healthCheckInterval as Any,
                "keepAliveInterval": self.keepAliveInterval as Any,
                "minimumReplicas": self.minimumReplicas,
                "tls": self.tls as Any,
                "limits": self.limits,
            ],
            displayStyle: .struct
        )
    }
}
