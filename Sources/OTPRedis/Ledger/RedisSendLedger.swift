// SPDX-License-Identifier: Apache-2.0

public import Hiredis
public import NIOCore
public import NIOPosix
import SendGuard
public import ServiceLifecycle

/// A ledger in Redis.
///
/// All processes that use the same server share the ledger.
///
/// A decision runs two Lua scripts concurrently. One reads the records of the source and its network. The other reads the records
/// of all shared scopes. Each script is atomic and uses the server's clock. Sends that begin at the same time share the calls of
/// the scripts. Every key has a TTL, and no key or value reveals a number or an address.
///
/// The server needs `maxmemory-policy noeviction`, because an evicted record would lift its limits.
///
/// The ledger owns its connections. They are opened by the first step, and closed by ``shutdown()`` or at the end of ``run()``.
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
    ///   - prefix: The first part of the names of all keys, without braces, because a cluster hashes only the text in braces.
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

    /// Creates a ledger on a client.
    ///
    /// - Parameters:
    ///   - client: The client, which ``shutdown()`` closes.
    ///   - prefix: The first part of the names of all keys, without braces.
    package convenience init(client: RedisClient, prefix: String = "otp") {
        self.init(client: client, prefix: prefix, scripts: .standard)
    }

    init(client: RedisClient, prefix: String = "otp", scripts: GuardScripts) {
        self.client = client
        self.lifecycle = ClientLifecycle(client, of: "ledger")
        self.keys = LedgerKeySchema(prefix: prefix)
        self.scripts = scripts
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending and later steps fail with `RedisError.Code.clientClosed`. Calling the method again has no effect.
    public func shutdown() async {
        await self.lifecycle.shutdown()
    }
}

extension RedisSendLedger: Service {
    /// Waits for the graceful shutdown of the service group, or for the cancellation of the task, and then shuts down.
    ///
    /// The ledger also works without a call of this method.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the ledger was shut down before.
    public func run() async throws {
        try await self.lifecycle.run()
    }
}
