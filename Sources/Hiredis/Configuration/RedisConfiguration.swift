// SPDX-License-Identifier: Apache-2.0

/// The configuration of a client: the addresses of the servers and all settings.
///
/// Descriptions, dumps and errors never contain the password. A configuration is not `Codable`. To store a configuration, use a
/// URL (``init(url:)``).
public struct RedisConfiguration: Sendable {
    /// The servers that store the data.
    public var deployment: Deployment

    /// The ACL user; `nil` for the default user.
    public var username: String?

    /// The password; `nil` for no password.
    ///
    /// The client sends the password in the first command on each new connection.
    public var password: String?

    /// The number of the database; the default is 0.
    ///
    /// The client selects the database on each new connection.
    public var database: Int = 0

    /// The timeout of a connection attempt; the default is 1 second.
    ///
    /// The timeout includes name resolution, `AUTH` and `SELECT`.
    public var connectTimeout: Duration = .seconds(1)

    /// The timeout of a command, including the wait for a connection; the default is 1 second.
    ///
    /// A timeout closes the connection. The outcome of every command in flight on the connection is then unknown.
    public var commandTimeout: Duration = .seconds(1)

    /// The maximum number of commands in flight per client; the default is 16,384.
    ///
    /// Further commands fail immediately with ``RedisError/Code/overloaded``. A written command is counted until the reply
    /// arrives, even if the caller was cancelled.
    public var maximumCommandsInFlight: Int = 16_384

    /// The maximum total size of the commands in flight per client, in bytes; the default is 256 MiB.
    ///
    /// The limit bounds the memory for commands with large arguments. A command counts as 50 bytes, plus the bytes of its name.
    /// Each argument counts as its bytes plus 25 bytes. An integer argument counts as 20 bytes plus 25 bytes.
    public var maximumBytesInFlight: Int = 256 << 20

    /// The idle time after which the client checks a connection with `PING`; the default is 30 seconds, and `nil` disables the
    /// check.
    ///
    /// NATs and load balancers drop idle connections silently. A command on a dropped connection would fail with
    /// ``RedisError/Code/outcomeUnknown``. Therefore the first command after this idle time waits for the reply to `PING`. If
    /// no reply arrives within a quarter of ``commandTimeout``, the client opens a new connection.
    public var healthCheckInterval: Duration? = .seconds(30)

    /// The timeout of the `PING` of a health check; `nil` for a quarter of ``commandTimeout``.
    ///
    /// Only tests set this property.
    var healthCheckTimeout: Duration?

    /// The idle time after which the kernel sends TCP keepalive probes; the default is 60 seconds, and `nil` disables the
    /// probes.
    ///
    /// Probes prevent NATs and load balancers from dropping the connection. If the server does not respond, the kernel repeats
    /// the probe after a quarter of this time. After three probes without a response, the kernel closes the connection. The
    /// interval is rounded to whole seconds, from 1 to 32,767.
    public var keepAliveInterval: Duration? = .seconds(60)

    /// The number of replicas that must confirm a write before the command succeeds; the default is 0.
    ///
    /// The client writes commands in batches. If a batch contains a write, the client appends a `WAIT`, and all commands of the
    /// batch wait for the replicas. If too few replicas confirm the batch, the commands fail with
    /// ``RedisError/Code/outcomeUnknown``. The primary has then stored the writes, but a failover may lose them. Even a
    /// confirmed write is lost if a failover promotes a replica that has not confirmed the write.
    ///
    /// During a `WAIT`, the client sends no other commands on the connection. An ACL user needs the right `+wait`.
    public var minimumReplicas: Int = 0

    /// The TLS settings of connections to servers and sentinels; `nil` for no TLS.
    public var tls: TLS?

    /// The TLS context of all connections, set by ``prepare()``.
    var tlsContext: TLSContext?

    /// The limits on the size of replies.
    public var limits: Limits = Limits()

    /// Creates a configuration without a password.
    ///
    /// - Parameter deployment: The servers that store the data.
    public init(deployment: Deployment) {
        self.deployment = deployment
    }

    /// Creates a configuration for one server, without a password.
    ///
    /// - Parameter endpoint: The address of the server.
    public init(endpoint: Endpoint) {
        self.init(deployment: .standalone(endpoint))
    }
}

extension RedisConfiguration {
    /// Checks the settings, and reads the TLS files.
    mutating func prepare() throws(RedisError) {
        try self.validate()
        if let tls = self.tls {
            self.tlsContext = try TLSContext(tls)
        }
    }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
    /// A text with the deployment, the user, the database and whether TLS is used.
    ///
    /// The description never contains the password.
    public var description: String {
        let user = self.username.map { ", username: \($0)" } ?? ""
        let password = self.password == nil ? "" : ", password: redacted"
        let tls = self.tls == nil ? "" : ", TLS"
        return "RedisConfiguration(\(self.deployment)\(user)\(password), database: \(self.database)\(tls))"
    }

    /// A mirror without the password.
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
