// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension AlibabaHTTPClient: Service {
    /// Keeps the connections open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// In a `ServiceGroup`, list the HTTP client before the services that use it. The group then shuts down these services
    /// first.
    ///
    /// - Throws: The error of the HTTP client if closing the connections fails.
    public func run() async throws {
        // If the task is cancelled, `gracefulShutdown()` throws an error. Cancellation has the same effect as a graceful
        // shutdown.
        try? await gracefulShutdown()
        try await self.shutdown()
    }
}
