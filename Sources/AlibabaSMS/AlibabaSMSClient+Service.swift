// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension AlibabaSMSClient: Service {
    /// Keeps the client open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// In a `ServiceGroup`, list the client before the services that send with it. They are then shut down first.
    ///
    /// - Throws: An error of the HTTP client while it closes connections.
    public func run() async throws {
        // Cancellation ends the wait with an error, and has the same meaning here.
        try? await gracefulShutdown()
        try await self.shutdown()
    }

    /// Closes the connections if the client created them; connections that it shares stay open.
    ///
    /// Pending calls fail. Later calls are rejected with ``AlibabaSMSError/Code/shutDown``. A further shutdown waits for the
    /// end of the first.
    ///
    /// - Throws: An error of the HTTP client; the connections are closed nevertheless.
    public func shutdown() async throws {
        if self.ownsHTTPClient { try await self.httpClient.shutdown() }
    }
}
