// SPDX-License-Identifier: Apache-2.0

package import Hiredis
import NIOPosix
package import PrivateRedis

/// A private primary with replicas and sentinels.
///
/// Every server and every sentinel listens on a free port of 127.0.0.1 and on a Unix socket. Methods identify a server or a
/// sentinel by its index in ``servers`` or ``sentinels``. The index of a server stays the same when its role changes. All
/// methods can be called concurrently.
///
/// Servers store data only in memory, unless the arguments contain `--appendonly yes`. If a killed primary is restarted within
/// half a second, the sentinels do not notice the restart. The primary is then empty, and its replicas become empty, too.
package struct SentinelGroup: Sendable {
    /// The name of the primary in the configuration of the sentinels.
    package let name: String

    /// All servers, of which the first starts as the primary.
    package let servers: [PrivateRedisServer]

    /// The sentinels.
    package let sentinels: [PrivateRedisServer]

    private let password: String?
    private let sentinelPassword: String?

    /// A client configuration with the default timeouts of 1 second.
    package var configuration: RedisConfiguration {
        var sentinel = RedisConfiguration.Sentinel(
            sentinels: self.sentinels.map { .tcp(host: "127.0.0.1", port: $0.port ?? 0) },
            primaryName: self.name
        )
        sentinel.password = self.sentinelPassword
        var configuration = RedisConfiguration(deployment: .sentinel(sentinel))
        configuration.password = self.password
        return configuration
    }

    /// The client configuration as a URL.
    package var url: String {
        let hosts = self.sentinels.map { "127.0.0.1:\($0.port ?? 0)" }.joined(separator: ",")
        let user = self.password.map { ":\($0)@" } ?? ""
        let own = self.sentinelPassword.map { "&sentinel-password=\($0)" } ?? ""
        return "redis-sentinel://\(user)\(hosts)?master=\(self.name)\(own)"
    }

    /// Returns the index of the primary according to a majority of the sentinels.
    ///
    /// - Throws: ``TopologyError`` if no majority agrees.
    package func primary() async throws -> Int {
        var votes: [Int: Int] = [:]
        for sentinel in self.sentinels {
            let reply = try? await self.ask(sentinel, ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", .text(self.name)])
            guard case .array(let parts)? = reply, parts.count == 2, case .bulk(let digits) = parts[1],
                let place = self.servers.firstIndex(where: { $0.port == Int(String(decoding: digits, as: UTF8.self)) })
            else { continue }
            votes[place, default: 0] += 1
        }
        guard let first = votes.max(by: { $0.value < $1.value }), first.value > self.sentinels.count / 2 else {
            throw TopologyError(description: "the sentinels do not agree on the primary")
        }
        return first.key
    }

    /// Waits until a majority of the sentinels names a different primary, and returns the index of the new primary.
    package func waitForPrimary(otherThan old: Int, within limit: Duration = .seconds(30)) async throws -> Int {
        try await waitUntil("another primary", within: limit) { try await self.primary() != old }
        return try await self.primary()
    }

    /// Waits until a server is a replica with a connection to its primary.
    ///
    /// Sentinels wait for 10 seconds before they demote a restarted primary. On an overloaded machine, sentinels pause for 30
    /// seconds.
    package func waitForReplica(_ place: Int, within limit: Duration = .seconds(90)) async throws {
        try await waitUntil("a replica of the primary", within: limit) {
            guard case .array(let parts) = try await self.ask(self.servers[place], ["ROLE"]) else { return false }
            return parts.first == .bulk(Array("slave".utf8)) && parts.contains(.bulk(Array("connected".utf8)))
        }
    }

    /// Waits until a failover is possible: each sentinel knows all other sentinels and replicas, and the replicas are
    /// synchronized.
    package func waitUntilWhole(within limit: Duration = .seconds(90)) async throws {
        let primary = try await self.primary()
        for place in self.servers.indices where place != primary {
            try await self.waitForReplica(place, within: limit)
        }
        try await waitUntil("sentinels that know each other and the replicas", within: limit) {
            for sentinel in self.sentinels {
                let fields = try await self.fields(of: sentinel)
                guard fields["num-other-sentinels"] == String(self.sentinels.count - 1),
                    fields["num-slaves"] == String(self.servers.count - 1), fields["flags"] == "master"
                else { return false }
                let replicas = try await self.ask(sentinel, ["SENTINEL", "REPLICAS", .text(self.name)])
                guard case .array(let lists) = replicas,
                    lists.allSatisfy({
                        Self.dictionary($0)["flags"] == "slave" && Self.dictionary($0)["master-link-status"] == "ok"
                    })
                else { return false }
            }
            return true
        }
    }

    /// Starts a failover to a replica that the sentinels choose, and returns before the failover ends.
    package func failover() async throws {
        // Shortly after a failover, a sentinel rejects the command.
        try await waitUntil("a sentinel that takes the order") {
            for sentinel in self.sentinels {
                let reply = try? await self.ask(sentinel, ["SENTINEL", "FAILOVER", .text(self.name)])
                if reply == .status("OK") { return true }
            }
            return false
        }
    }

    /// Kills a server with `SIGKILL`.
    package func kill(_ place: Int) async throws {
        try await self.servers[place].stop()
    }

    /// Restarts a killed server in its original role.
    ///
    /// If another server has become the primary, the sentinels demote the restarted server to a replica.
    package func restart(_ place: Int) async throws {
        try await self.servers[place].start()
    }

    /// Suspends a server with `SIGSTOP`, so that its connections stay open, but it sends no replies.
    package func pause(_ place: Int) {
        self.servers[place].signal(19)
    }

    /// Resumes a suspended server.
    package func resume(_ place: Int) {
        self.servers[place].signal(18)
    }

    /// Sends a command to a server or a sentinel over its Unix socket.
    package func ask(_ server: PrivateRedisServer, _ words: [RedisArgument]) async throws -> RedisReply {
        var configuration = RedisConfiguration(endpoint: .unixSocket(path: server.socketPath))
        let isSentinel = self.sentinels.contains { $0.socketPath == server.socketPath }
        configuration.password = isSentinel ? self.sentinelPassword : self.password
        return try await send(words, configuration)
    }

    private func fields(of sentinel: PrivateRedisServer) async throws -> [String: String] {
        Self.dictionary(try await self.ask(sentinel, ["SENTINEL", "MASTER", .text(self.name)]))
    }

    private static func dictionary(_ reply: RedisReply) -> [String: String] {
        guard case .array(let parts) = reply else { return [:] }
        let words = parts.map { part in
            if case .bulk(let bytes) = part { String(decoding: bytes, as: UTF8.self) } else { "" }
        }
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: words.count - 1, by: 2) { fields[words[index]] = words[index + 1] }
        return fields
    }

    fileprivate init(
        name: String,
        servers: [PrivateRedisServer],
        sentinels: [PrivateRedisServer],
        password: String?,
        sentinelPassword: String?
    ) {
        self.name = name
        self.servers = servers
        self.sentinels = sentinels
        self.password = password
        self.sentinelPassword = sentinelPassword
    }
}

/// Runs a closure with a private primary, its replicas and its sentinels.
///
/// The closure starts when a failover is possible. All processes end when the closure returns or this process dies. The
/// sentinels detect a dead primary within half a second, and promote a replica one to three seconds later.
/// - Parameters:
///   - replicas: The number of replicas.
///   - sentinels: The number of sentinels, of which a majority must agree.
///   - arguments: Additional arguments for each server, such as `["--appendonly", "yes"]`, but not for the sentinels.
///   - password: The password of the servers; `nil` for no password.
///   - sentinelPassword: The password of the sentinels; `nil` for no password.
///   - replicaEnvironment: Additional environment variables for the replicas, such as those of a movable clock.
///   - body: The closure to run.
/// - Returns: The result of the closure.
/// - Throws: `PrivateRedisError` or ``TopologyError`` if the group does not start, or the error of the closure.
package func withSentinelGroup<Result: Sendable>(
    replicas: Int = 2,
    sentinels: Int = 3,
    arguments: [String] = [],
    password: String? = nil,
    sentinelPassword: String? = nil,
    replicaEnvironment: [String: String] = [:],
    _ body: (SentinelGroup) async throws -> Result
) async throws -> Result {
    var common = arguments + ["--repl-diskless-sync-delay", "0", "--repl-timeout", "5"]
    if let password { common += ["--requirepass", password, "--masterauth", password] }
    return try await withPrivateRedis(arguments: common, listensOnTCP: true) { primary in
        let followers = common + ["--replicaof", "127.0.0.1", "\(primary.port ?? 0)"]
        return try await withServers(Array(repeating: followers, count: replicas), environment: replicaEnvironment) {
            replicas in
            var watchers: [String] = []
            if let sentinelPassword { watchers += ["--requirepass", sentinelPassword] }
            watchers.append("--sentinel")
            return try await withServers(Array(repeating: watchers, count: sentinels)) { sentinels in
                let group = SentinelGroup(
                    name: "mymaster",
                    servers: [primary] + replicas,
                    sentinels: sentinels,
                    password: password,
                    sentinelPassword: sentinelPassword
                )
                for place in replicas.indices { try await group.waitForReplica(place + 1) }
                for sentinel in sentinels {
                    try await group.setUp(sentinel, password: password, sentinelPassword: sentinelPassword)
                }
                try await group.waitUntilWhole()
                return try await body(group)
            }
        }
    }
}

extension SentinelGroup {
    /// Configures a new sentinel.
    fileprivate func setUp(
        _ sentinel: PrivateRedisServer,
        password: String?,
        sentinelPassword: String?
    ) async throws {
        let port = Int64(self.servers[0].port ?? 0)
        let quorum = Int64(self.sentinels.count / 2 + 1)
        if let sentinelPassword {
            _ = try await self.ask(sentinel, ["SENTINEL", "CONFIG", "SET", "sentinel-pass", .text(sentinelPassword)])
        }
        let name = RedisArgument.text(self.name)
        _ = try await self.ask(sentinel, ["SENTINEL", "MONITOR", name, "127.0.0.1", .integer(port), .integer(quorum)])
        var settings: [RedisArgument] = [
            "down-after-milliseconds", 500, "failover-timeout", 2_000, "parallel-syncs", 8,
        ]
        if let password { settings += ["auth-pass", .text(password)] }
        _ = try await self.ask(sentinel, ["SENTINEL", "SET", name] + settings)
    }
}

/// Runs a closure with several private servers.
private func withServers<Result: Sendable>(
    _ arguments: [[String]],
    environment: [String: String] = [:],
    started: [PrivateRedisServer] = [],
    _ body: ([PrivateRedisServer]) async throws -> Result
) async throws -> Result {
    guard let first = arguments.first else { return try await body(started) }
    return try await withPrivateRedis(arguments: first, environment: environment, listensOnTCP: true) { server in
        let rest = Array(arguments.dropFirst())
        return try await withServers(rest, environment: environment, started: started + [server], body)
    }
}

/// Sends one command over a separate connection.
private func send(_ words: [RedisArgument], _ configuration: RedisConfiguration) async throws -> RedisReply {
    guard case .text(let name)? = words.first else { throw TopologyError(description: "a command has no name") }
    let client = RedisClient(configuration: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next())
    do {
        let reply = try await client.send(name, Array(words.dropFirst()))
        await client.shutdown()
        return reply
    } catch {
        await client.shutdown()
        throw error
    }
}
