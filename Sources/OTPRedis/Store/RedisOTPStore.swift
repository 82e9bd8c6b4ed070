// SPDX-License-Identifier: Apache-2.0

public import Hiredis
import Metrics
public import NIOCore
public import NIOPosix
package import OTP
public import ServiceLifecycle

/// A store of challenges in Redis, shared by all processes that use the same server.
///
/// Each operation is one Lua script on one key, so it is atomic and takes one round trip. The name of the key contains a keyed
/// hash of the phone number. During a rotation of the secret for this hash, a phone number has several hashes. The store then
/// first checks which of these hashes has a key in Redis. This check takes one more round trip.
///
/// All decisions use the server's clock. No value in Redis reveals a phone number or a code, and every key has a TTL.
///
/// The server must not evict keys, because an evicted counter would lift a limit. Set the server's `maxmemory-policy` to
/// `noeviction`.
///
/// The store has its own connections. The first operation opens them, and ``shutdown()`` or the end of ``run()`` closes them:
///
/// ```swift
/// let store = try RedisOTPStore(url: "redis://redis.internal:6379")
/// let otp = try OTPService(store: store, sms: sms, keys: keys, policy: policy, messages: messages)
/// try await ServiceGroup(services: [store, server], gracefulShutdownSignals: [.sigterm], logger: logger).run()
/// ```
///
/// A service group shuts its services down in reverse order, so list the store before the services that use it.
public final class RedisOTPStore: Sendable {
    let client: RedisClient
    let keys: KeySchema
    let cache = ScriptCache()
    let timers = RedisStepMetrics()
    let clock: ServerClock
    private let lifecycle: ClientLifecycle

    /// Creates a store from a URL, without connecting.
    ///
    /// - Parameters:
    ///   - url: The URL of the server, the sentinels or the cluster. See `RedisConfiguration.init(url:)`.
    ///   - prefix: The first part of the names of all keys, without braces.
    ///   - eventLoopGroup: The event loops of the connections. There is one connection per server and event loop.
    /// - Throws: `RedisError.Code.invalidConfiguration` if the URL or the prefix is invalid.
    public convenience init(
        url: String,
        prefix: String = "otp",
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        try self.init(configuration: RedisConfiguration(url: url), prefix: prefix, eventLoopGroup: eventLoopGroup)
    }

    /// Creates a store, without connecting.
    ///
    /// - Parameters:
    ///   - configuration: The address of the server, and the settings of the connections.
    ///   - prefix: The first part of the names of all keys. It must not contain braces, because a cluster hashes only the text
    ///     in braces.
    ///   - eventLoopGroup: The event loops of the connections. There is one connection per server and event loop.
    /// - Throws: `RedisError.Code.invalidConfiguration` if a setting, a TLS file or the prefix is invalid.
    public convenience init(
        configuration: RedisConfiguration,
        prefix: String = "otp",
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        let client = try RedisClient(configuration: configuration, keyPrefix: prefix, eventLoopGroup: eventLoopGroup)
        self.init(client: client, prefix: prefix)
    }

    /// Creates a store that uses a client.
    ///
    /// - Parameters:
    ///   - client: The client, which ``shutdown()`` closes.
    ///   - prefix: The first part of the names of all keys, without braces.
    ///   - clock: The monotonic clock that measures the time between two checks of the server's clock.
    package init(client: RedisClient, prefix: String = "otp", clock: any Clock<Duration> = ContinuousClock()) {
        self.client = client
        self.lifecycle = ClientLifecycle(client, of: "store")
        self.keys = KeySchema(prefix: prefix)
        self.clock = ServerClock(client: client, key: self.keys.clock, timer: self.timers.clock, clock: clock)
    }

    /// Checks immediately whether the server's clock was set back.
    ///
    /// - Returns: The current epoch, which is the period since the clock was last set back.
    /// - Throws: ``RedisError`` if a server is unreachable or rejects writes.
    @discardableResult
    package func checkClock() async throws -> ClockEpoch {
        try await self.clock.check()
    }

    /// Checks that the server replies, in one round trip.
    ///
    /// On a cluster, each call checks one of the nodes.
    ///
    /// - Throws: `RedisError` if the server is not reachable or the store was shut down.
    public func ping() async throws(RedisError) {
        let reply = try await self.client.send("PING")
        guard reply == .status("PONG") else { throw ScriptReply.unexpected }
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending and later operations fail with `RedisError.Code.clientClosed`. A second call of this method has no effect.
    public func shutdown() async {
        await self.lifecycle.shutdown()
    }
}

extension RedisOTPStore: Service {
    /// Keeps the store open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// The method also checks every 10 seconds whether the server's clock was set back. Calling this method is optional,
    /// because the operations of `OTPService` also start these checks.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the store was already shut down.
    public func run() async throws {
        try await self.lifecycle.run { await self.clock.poll() }
    }
}
