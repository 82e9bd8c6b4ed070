// SPDX-License-Identifier: Apache-2.0

/// The address of a Redis deployment, and the settings of its client.
///
/// Descriptions, dumps and errors never contain the password. A configuration is not `Codable`: outside a process it is written as a URL
/// (``init(url:)``).
public struct RedisConfiguration: Sendable {
    /// The servers that store the data.
    public var deployment: Deployment

    /// The ACL user, or `nil` for the default user.
    public var username: String?

    /// The password, or `nil` for no password; sent first on each new connection.
    public var password: String?

    /// The number of the database, selected on each new connection; 0 unless set.
    public var database: Int = 0

    /// The timeout of a connection attempt, including name resolution, `AUTH` and `SELECT`; 1 second unless set.
    public var connectTimeout: Duration = .seconds(1)

    /// The timeout of a command, including the wait for a connection; 1 second unless set.
    ///
    /// Replies are positional, so a timeout closes the connection, and every command on it then has an unknown outcome.
    public var commandTimeout: Duration = .seconds(1)

    /// The maximum number of commands in flight per client; 16,384 unless set.
    ///
    /// Above it a command fails immediately with ``RedisError/Code/overloaded``: its reply would come too late anyway, and commands in
    /// flight take memory. A written command counts until its reply, even if its caller was cancelled.
    public var maximumCommandsInFlight: Int = 16_384

    /// The maximum total size of the commands in flight per client, in bytes; 256 MiB unless set.
    ///
    /// Bounds the memory of commands with large arguments, in the same way as ``maximumCommandsInFlight``. A command counts with its
    /// encoded size plus up to 25 bytes per word.
    public var maximumBytesInFlight: Int = 256 << 20

    /// The idle time after which a connection is checked with a `PING`; 30 seconds unless set, `nil` for never.
    ///
    /// A NAT or a load balancer drops idle connections silently, and a command on such a connection would fail with
    /// ``RedisError/Code/outcomeUnknown``. So the first command after a longer idle time waits for the reply to a `PING`, for at most a
    /// quarter of ``commandTimeout``, and then for a new connection. All idle connections to a server are checked together.
    public var healthCheckInterval: Duration? = .seconds(30)

    /// The timeout of the `PING`, for tests; a quarter of ``commandTimeout`` unless set.
    var healthCheckTimeout: Duration?

    /// The idle time after which the kernel sends TCP keepalive probes; 60 seconds unless set, `nil` for never.
    ///
    /// Probes keep the connection in the tables of NATs and load balancers. Three unanswered probes, a quarter of this time apart, end
    /// the connection. The kernel counts whole seconds, from 1 to 32,767.
    public var keepAliveInterval: Duration? = .seconds(60)

    /// The number of replicas that must confirm a write before its command succeeds; 0 unless set.
    ///
    /// One `WAIT` follows the commands of each network write, so they take a replica's reply longer. A write without confirmation fails
    /// with ``RedisError/Code/outcomeUnknown``: the primary has it, and a failover may lose it. `WAIT` makes such a loss unlikely, but not
    /// impossible, since a failover may promote a replica that had not confirmed.
    ///
    /// One batch is confirmed at a time, because the server blocks a connection during `WAIT`; later commands leave in the next network
    /// write. An ACL user needs `+wait`.
    public var minimumReplicas: Int = 0

    /// The TLS settings of connections to servers and sentinels, or `nil` for no TLS.
    public var tls: TLS?

    /// The TLS context of all connections; set by the client.
    var tlsContext: TLSContext?

    /// The limits of replies.
    public var limits: Limits = Limits()

    /// Creates a configuration without a password.
    ///
    /// - Parameter deployment: The servers that store the data.
    public init(deployment: Deployment) {
        self.deployment = deployment
    }

    /// Creates a configuration of one server, without a password.
    ///
    /// - Parameter endpoint: The address of the server.
    public init(endpoint: Endpoint) {
        self.init(deployment: .standalone(endpoint))
    }
}

extension RedisConfiguration {
    /// Checks the settings and reads the TLS files.
    mutating func prepare() throws(RedisError) {
        try self.validate()
        if let tls = self.tls {
            self.tlsContext = try TLSContext(tls)
        }
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
    /// The configuration without the password.
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
