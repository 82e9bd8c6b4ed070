// SPDX-License-Identifier: Apache-2.0

import Hiredis
import ServiceLifecycle
import Synchronization

/// Implements the methods `run` and `shutdown` of a store or ledger that owns a Redis client.
///
/// The client also works without a call of `run`. After a shutdown, `run` throws an error.
final class ClientLifecycle: Sendable {
    private let client: RedisClient
    private let owner: String
    private let isShutDown = Atomic(false)

    /// Creates the lifecycle of a client.
    ///
    /// - Parameters:
    ///   - client: The client.
    ///   - owner: The noun that errors use for the owner of the client, such as `store`.
    init(_ client: RedisClient, of owner: String) {
        self.client = client
        self.owner = owner
    }

    /// Closes all connections, and returns when they are closed.
    func shutdown() async {
        self.isShutDown.store(true, ordering: .relaxed)
        await self.client.shutdown()
    }

    /// Waits until the task is cancelled or gracefully shut down, and then closes all connections.
    ///
    /// - Parameter work: The work that runs until then. The closure must return when its task is cancelled.
    /// - Throws: `RedisError.Code.clientClosed` if the client was shut down before.
    func run(_ work: @escaping @Sendable () async -> Void = {}) async throws(RedisError) {
        guard !self.isShutDown.load(ordering: .relaxed) else {
            let message = "the \(self.owner) was shut down: create another \(self.owner)"
            throw RedisError(code: .clientClosed, message: message)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work() }
            // If the task is cancelled, the wait throws an error. A cancellation has the same effect here as a graceful
            // shutdown.
            try? await gracefulShutdown()
            group.cancelAll()
            // The shutdown also ends a check in progress, because it closes the connections.
            await self.shutdown()
        }
    }
}
