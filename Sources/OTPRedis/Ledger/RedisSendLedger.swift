// SPDX-License-Identifier: Apache-2.0

public import Hiredis
public import NIOCore
public import NIOPosix
import SendGuard
public import ServiceLifecycle

/// A `SendLedger` in Redis, which counts sends for the guard and is shared by all processes that use the same server.
///
/// Two concurrent script calls decide on each send. One call checks the limits of the client's address and its network. The
/// other call checks all other limits, such as those of the region. Each call is atomic and uses the server's clock. Sends that
/// begin at the same time share these calls. Every key has a TTL, and no key or value reveals a phone number or an address.
///
/// The server needs `maxmemory-policy noeviction`, because the eviction of a record would lift limits.
///
/// The first call opens the connections of the ledger, and ``shutdown()`` or the end of ``run()`` closes them. A ledger can
/// also share the connections of a ``RedisOTPStore``, which halves the number of connections:
///
/// ```swift
/// let store = try RedisOTPStore(configuration: configuration)
/// let ledger = RedisSendLedger(sharing: store)
/// ```
public final class RedisSendLedger: Sendable {
    let client: RedisClient
    let keys: LedgerKeySchema
    let scripts: GuardScripts
    let timers = GuardStepMetrics()
    let rounds = ReservationRounds()
    private let lifecycle: ClientLifecycle

    /// Creates a ledger without opening a connection.
    ///
    /// - Parameters:
    ///   - configuration: The address of the server and the settings of the connections.
    ///   - prefix: The first part of the names of all keys. It must not contain braces, because a cluster hashes only the text
    ///     in braces.
    ///   - eventLoopGroup: The event loops of the connections. Each event loop has one connection to each server.
    /// - Throws: `RedisError.Code.invalidConfiguration` for an invalid setting, TLS file or prefix.
    public convenience init(
        configuration: RedisConfiguration,
        prefix: String = "otp",
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(RedisError) {
        let client = try RedisClient(configuration: configuration, keyPrefix: prefix, eventLoopGroup: eventLoopGroup)
        self.init(client: client, prefix: prefix)
    }

    /// Creates a ledger that uses the connections and the key prefix of a store.
    ///
    /// Only the store closes the connections. Shut the store down after the ledger. In a service group, list the store before
    /// the ledger.
    ///
    /// - Parameter store: The store.
    public convenience init(sharing store: RedisOTPStore) {
        self.init(
            client: store.client,
            prefix: store.keys.prefix,
            scripts: .standard,
            lifecycle: ClientLifecycle(nil, of: "ledger")
        )
    }

    /// Creates a ledger that uses a client.
    ///
    /// - Parameters:
    ///   - client: The client, which ``shutdown()`` closes.
    ///   - prefix: The first part of the names of all keys, without braces.
    package convenience init(client: RedisClient, prefix: String = "otp") {
        self.init(client: client, prefix: prefix, scripts: .standard)
    }

    convenience init(client: RedisClient, prefix: String = "otp", scripts: GuardScripts) {
        self.init(
            client: client,
            prefix: prefix,
            scripts: scripts,
            lifecycle: ClientLifecycle(client, of: "ledger")
        )
    }

    private init(client: RedisClient, prefix: String, scripts: GuardScripts, lifecycle: ClientLifecycle) {
        self.client = client
        self.lifecycle = lifecycle
        self.keys = LedgerKeySchema(prefix: prefix)
        self.scripts = scripts
    }

    /// Closes the ledger's own connections, and returns when they are closed.
    ///
    /// Pending and later calls on these connections fail with `RedisError.Code.clientClosed`. If the ledger shares the
    /// connections of a store, the shared connections stay open until the store is shut down. A second call of this method has
    /// no effect.
    public func shutdown() async {
        await self.lifecycle.shutdown()
    }
}

extension RedisSendLedger: Service {
    /// Keeps the ledger open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// Calling this method is optional.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the ledger was already shut down.
    public func run() async throws {
        try await self.lifecycle.run()
    }
}
