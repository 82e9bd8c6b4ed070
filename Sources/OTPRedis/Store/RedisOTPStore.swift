// SPDX-License-Identifier: Apache-2.0

public import Hiredis
import Metrics
public import NIOCore
public import NIOPosix
import OTP
public import ServiceLifecycle
import Synchronization

/// A store in Redis, shared by every process that uses the same server.
///
/// Each step is one Lua script on keys of one hash slot: one round trip, and atomic. The server's clock decides. While an index
/// key is rotated, one pipelined read before the script finds the record of the number. No value in Redis reveals a number or a
/// code, and every key has a TTL.
///
/// The server must not evict keys: run it with `maxmemory-policy noeviction`, since an evicted counter is a lifted limit.
///
/// The store owns its connections. They open with the first step and close with ``shutdown()``, or at the end of ``run()``:
///
/// ```swift
/// let store = try RedisOTPStore(url: "redis://redis.internal:6379")
/// let otp = try OTPService(store: store, sms: sms, keys: keys, policy: policy, messages: messages)
/// try await ServiceGroup(services: [store, server], gracefulShutdownSignals: [.sigterm], logger: logger).run()
/// ```
///
/// A service group shuts its services down in reverse order, so the store precedes the services that use it.
public final class RedisOTPStore: Sendable {
    let client: RedisClient
    let keys: KeySchema
    let cache = ScriptCache()
    let timers = RedisStepMetrics()
    private let isShutDown = Atomic(false)

    /// Creates a store from a URL; no connection is opened yet.
    ///
    /// - Parameters:
    ///   - url: The URL of the server, the sentinels or the cluster; see `RedisConfiguration.init(url:)`.
    ///   - prefix: The first part of the names of all keys, without braces.
    ///   - eventLoopGroup: The event loops of the connections: one connection for each server and event loop.
    /// - Throws: `RedisError.Code.invalidConfiguration` for a URL or a prefix that cannot be used.
    public convenience init(
        url: String,
        prefix: String = "otp",
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        try self.init(configuration: RedisConfiguration(url: url), prefix: prefix, eventLoopGroup: eventLoopGroup)
    }

    /// Creates a store; no connection is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: The address of the server and the settings of the connections.
    ///   - prefix: The first part of the names of all keys, without braces: a cluster hashes the text in braces.
    ///   - eventLoopGroup: The event loops of the connections: one connection for each server and event loop.
    /// - Throws: `RedisError.Code.invalidConfiguration` for a setting, a TLS file or a prefix that cannot be used.
    public convenience init(
        configuration: RedisConfiguration,
        prefix: String = "otp",
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        guard !prefix.utf8.contains(where: KeySchema.braces.contains) else {
            throw RedisError(
                code: .invalidConfiguration,
                message: "the prefix of keys has a brace: choose another prefix"
            )
        }
        let client = RedisClient(configuration: configuration, eventLoopGroup: eventLoopGroup)
        if let error = client.configurationError { throw error }
        self.init(client: client, prefix: prefix)
    }

    /// Creates a store on a client.
    ///
    /// - Parameters:
    ///   - client: The client, which ``shutdown()`` closes.
    ///   - prefix: The first part of the names of all keys, without braces.
    package init(client: RedisClient, prefix: String = "otp") {
        self.client = client
        self.keys = KeySchema(prefix: prefix)
    }

    /// Checks that the server replies: one round trip.
    ///
    /// On a cluster one node is checked, and which node it is may change with each call.
    ///
    /// - Throws: `RedisError` if the server is unreachable or the store was shut down.
    public func ping() async throws(RedisError) {
        let reply = try await self.client.send("PING")
        guard reply == .status("PONG") else { throw ScriptReply.unexpected }
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending and later steps fail with `RedisError.Code.clientClosed`. Further calls have no effect.
    public func shutdown() async {
        self.isShutDown.store(true, ordering: .relaxed)
        await self.client.shutdown()
    }
}

extension RedisOTPStore: Service {
    /// Waits for the graceful shutdown of the service group, or for the cancellation of the task, and then shuts down.
    ///
    /// The store also works without a call of this method.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the store was shut down before.
    public func run() async throws {
        guard !self.isShutDown.load(ordering: .relaxed) else {
            throw RedisError(code: .clientClosed, message: "the store was shut down: create another store")
        }
        // Cancellation ends the wait with an error, and the service has done its work.
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
