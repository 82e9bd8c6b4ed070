// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension SiteVerifyCheck: Service {
    /// Keeps the connections open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// - Throws: The error of the HTTP client if closing the connections fails.
    public func run() async throws {
        // A cancelled wait throws an error, but means the same here as a graceful shutdown.
        try? await gracefulShutdown()
        try await self.shutdown()
    }
}
