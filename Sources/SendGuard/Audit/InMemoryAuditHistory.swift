// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The newest audit events in the memory of a process, for tests and for a service without Redis.
package final class InMemoryAuditHistory: AuditHistory {
    private let length: Int
    private let events = Mutex<[AuditEvent]>([])

    /// Creates an empty history.
    ///
    /// - Parameter length: The maximum number of events, at least 1.
    package init(length: Int = 10_000) { self.length = max(length, 1) }

    package func record(_ events: [AuditEvent]) async throws {
        self.events.withLock { stored in
            stored += events
            // Removing a tenth at once makes the removal cheap on average.
            if stored.count > self.length { stored.removeFirst(stored.count - self.length + self.length / 10) }
        }
    }

    package func newest(_ count: Int, where isWanted: @Sendable (AuditEvent) -> Bool) async throws -> [AuditEvent] {
        let wanted = self.events.withLock { $0.reversed().lazy.filter(isWanted).prefix(count).map(\.self) }
        return wanted.sorted { $0.time > $1.time }
    }
}
