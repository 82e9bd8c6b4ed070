// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Synchronization

/// A service that reports the HTTP service as not ready when the shutdown begins, and delays the shutdown of the HTTP service.
///
/// A service group shuts its services down in reverse order, and waits for each. This service must therefore be the last one of
/// its group. A load balancer then sees the new state while the HTTP service still serves requests.
///
/// A class, because the route `/readyz` reads the state.
final class DrainService: Service, Sendable {
    private let delay: Duration
    private let draining = Atomic(false)
    private let onShutdown: @Sendable () async -> Void

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - delay: The time for which requests are still served.
    ///   - onShutdown: A callback when the shutdown begins.
    init(delay: Duration, onShutdown: @escaping @Sendable () async -> Void = {}) {
        self.delay = delay
        self.onShutdown = onShutdown
    }

    /// Whether the shutdown has begun.
    var isDraining: Bool { self.draining.load(ordering: .acquiring) }

    func run() async throws {
        try await gracefulShutdown()
        self.draining.store(true, ordering: .releasing)
        await self.onShutdown()
        try await Task.sleep(for: self.delay)
    }
}
