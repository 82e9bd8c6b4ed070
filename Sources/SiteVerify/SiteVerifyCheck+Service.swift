// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension SiteVerifyCheck: Service {
    /// Keeps the connections open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// - Throws: The error of the HTTP client if closing the connections fails.
    public func run() async throws {
        // `gracefulShutdown()` throws an error if the task is cancelled. Cancellation has the same effect as a graceful
        // shutdown.
        try? await gracefulShutdown()
        try await self.shutdown()
    }
}
