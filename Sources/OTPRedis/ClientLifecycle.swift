// SPDX-License-Identifier: Apache-2.0

import Hiredis
import ServiceLifecycle
import Synchronization

/// Implements the methods `run` and `shutdown` of a store or ledger that has a Redis client.
///
/// Calling `run` is optional. After a shutdown, `run` throws an error.
final class ClientLifecycle: Sendable {
    private let client: RedisClient?
    private let owner: String
    private let isShutDown = Atomic(false)

    /// Creates the lifecycle of a client.
    ///
    /// - Parameters:
    ///   - client: The client to close; `nil` if the client also has another owner, which closes the client.
    ///   - owner: A noun for the owner of the client in error messages, such as `store`.
    init(_ client: RedisClient?, of owner: String) {
        self.client = client
        self.owner = owner
    }

    /// Closes the connections of the owner's own client, and returns when they are closed.
    func shutdown() async {
        self.isShutDown.store(true, ordering: .relaxed)
        await self.client?.shutdown()
    }

    /// Waits until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// - Parameter work: The work to run while the client is open. The closure must return when its task is cancelled.
    /// - Throws: `RedisError.Code.clientClosed` if the client was shut down before.
    func run(_ work: @escaping @Sendable () async -> Void = {}) async throws(RedisError) {
        guard !self.isShutDown.load(ordering: .relaxed) else {
            let message = "the \(self.owner) was shut down: create another \(self.owner)"
            throw RedisError(code: .clientClosed, message: message)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await work() }
            // `gracefulShutdown()` throws an error if the task is cancelled. Cancellation has the same effect as a graceful
            // shutdown.
            try? await gracefulShutdown()
            group.cancelAll()
            // Closing the connections also ends a clock check in progress.
            await self.shutdown()
        }
    }
}
