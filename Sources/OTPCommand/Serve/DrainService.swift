// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Synchronization

/// A service that delays the shutdown of the HTTP service.
///
/// While it delays the shutdown, `/readyz` reports that the HTTP service is not ready.
///
/// A service group shuts down its services one after the other, in reverse order. This service must therefore be the last
/// service of its group. A load balancer then sees the new state while the HTTP service still serves requests.
///
/// A class, because the route `/readyz` reads the state.
final class DrainService: Service, Sendable {
    private let delay: Duration
    private let draining = Atomic(false)
    private let onShutdown: @Sendable () async -> Void

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - delay: The time for which the HTTP service still serves requests after the shutdown has begun.
    ///   - onShutdown: A callback that is called when the shutdown begins.
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
