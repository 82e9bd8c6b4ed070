// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension AlibabaSMSClient: Service {
    /// Keeps the client open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// In a `ServiceGroup`, list the client before the services that use it. The group then shuts down these services first.
    ///
    /// - Throws: The error of the HTTP client if closing the connections fails.
    public func run() async throws {
        // If the task is cancelled, `gracefulShutdown()` throws an error. Cancellation has the same effect as a graceful
        // shutdown.
        try? await gracefulShutdown()
        try await self.shutdown()
    }

    /// Closes the connections that the client created.
    ///
    /// Pending calls fail, and later calls are rejected with ``AlibabaSMSError/Code/shutDown``. A second shutdown waits until
    /// the first shutdown has finished.
    ///
    /// If the client shares the connections of an ``AlibabaHTTPClient``, this method does nothing.
    ///
    /// - Throws: An error of the HTTP client. The connections are closed even after an error.
    public func shutdown() async throws {
        if self.ownsHTTPClient { try await self.httpClient.shutdown() }
    }
}
