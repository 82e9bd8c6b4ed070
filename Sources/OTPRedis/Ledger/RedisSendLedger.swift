// SPDX-License-Identifier: Apache-2.0

public import Hiredis
public import NIOCore
public import NIOPosix
import SendGuard
public import ServiceLifecycle
import Synchronization

/// A ledger in Redis, shared by every process that uses the same server.
///
/// A decision is two concurrent Lua scripts: one on the record of the source and of its network, and one on everything that is
/// shared. Each is atomic, and the server's clock decides. Every key has a TTL, and no key or value reveals a number or an address.
///
/// The server must not evict keys: run it with `maxmemory-policy noeviction`, since an evicted counter is a lifted limit.
///
/// The ledger owns its connections. They open with the first step and close with ``shutdown()``, or at the end of ``run()``.
public final class RedisSendLedger: Sendable {
    let client: RedisClient
    let keys: LedgerKeySchema
    let scripts: GuardScripts
    let timers = GuardStepMetrics()
    private let isShutDown = Atomic(false)

    /// Creates a ledger; no connection is opened yet.
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
        let client = try RedisClient(
            configuration: configuration,
            keyPrefix: prefix,
            eventLoopGroup: eventLoopGroup
        )
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
        self.keys = LedgerKeySchema(prefix: prefix)
        self.scripts = scripts
    }

    /// Closes all connections, and returns when they are closed.
    ///
    /// Pending and later steps fail with `RedisError.Code.clientClosed`. Further calls have no effect.
    public func shutdown() async {
        self.isShutDown.store(true, ordering: .relaxed)
        await self.client.shutdown()
    }
}

extension RedisSendLedger: Service {
    /// Waits for the graceful shutdown of the service group, or for the cancellation of the task, and then shuts down.
    ///
    /// The ledger also works without a call of this method.
    ///
    /// - Throws: `RedisError.Code.clientClosed` if the ledger was shut down before.
    public func run() async throws {
        guard !self.isShutDown.load(ordering: .relaxed) else {
            throw RedisError(code: .clientClosed, message: "the ledger was shut down: create another ledger")
        }
        // Cancellation ends the wait with an error, and the service has done its work.
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
