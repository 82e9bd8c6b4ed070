// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle

extension AlibabaHTTPClient: Service {
    /// Keeps the connections open until the task is cancelled or gracefully shut down, and then calls ``shutdown()``.
    ///
    /// In a `ServiceGroup`, list it before the services that send with it. They are then shut down first.
    ///
    /// - Throws: An error of the HTTP client while it closes connections.
    public func run() async throws {
        // Cancellation ends the wait with an error, and has the same meaning here.
        try? await gracefulShutdown()
        try await self.shutdown()
    }
}
