// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import Synchronization

/// A service that delays the shutdown of the HTTP service.
///
/// During the delay, `/readyz` reports that the HTTP service is not ready, and the HTTP service still serves requests. A load
/// balancer thus has time to use another instance.
///
/// A service group shuts down its services in reverse order, so this service must be the last in its group.
///
/// A class, because the service group and the route `/readyz` share it.
final class DrainService: Service, Sendable {
    private let delay: Duration
    private let draining = Atomic(false)
    private let onShutdown: @Sendable () async -> Void

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - delay: The time from the start of the shutdown until the HTTP service shuts down.
    ///   - onShutdown: Called when the shutdown begins.
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
