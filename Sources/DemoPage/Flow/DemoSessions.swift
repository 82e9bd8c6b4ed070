// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The sessions of all visitors, in memory.
///
/// The requests of one session are handled one after another.
actor DemoSessions {
    private struct Entry {
        var session: DemoSession
        var usedAt: Date
        /// The last request of the session.
        var last: Task<Void, Never>?
    }

    /// The time after which an unused session ends.
    private static let lifetime = 3600.0

    private let maximum: Int
    private let now: @Sendable () -> Date
    private var entries: [String: Entry] = [:]

    /// Creates an empty table.
    ///
    /// - Parameters:
    ///   - maximum: The maximum number of sessions. A new session replaces the session that was not used for the longest time.
    ///   - now: The clock.
    init(maximum: Int = 1000, now: @escaping @Sendable () -> Date) {
        self.maximum = maximum
        self.now = now
    }

    /// Adds a session, and returns its identifier.
    func insert(_ session: DemoSession) -> String {
        let now = self.now()
        self.entries = self.entries.filter { now.timeIntervalSince($0.value.usedAt) < Self.lifetime }
        if self.entries.count >= self.maximum, let oldest = self.entries.min(by: { $0.value.usedAt < $1.value.usedAt })
        {
            self.entries[oldest.key] = nil
        }
        let id = DemoSession.randomText()
        self.entries[id] = Entry(session: session, usedAt: now)
        return id
    }

    /// Returns a session after the requests that it handles now, or `nil` if there is no such session.
    func session(_ id: String) async -> DemoSession? {
        await self.entries[id]?.last?.value
        return self.touch(id)?.session
    }

    /// Replaces a session after all earlier requests of it.
    ///
    /// - Parameters:
    ///   - id: The identifier of the session.
    ///   - change: Returns the new session.
    /// - Returns: Whether there is such a session.
    func update(_ id: String, _ change: @escaping @Sendable (DemoSession) async -> DemoSession) async -> Bool {
        guard let entry = self.touch(id) else { return false }
        let task = Task {
            await entry.last?.value
            guard let session = self.entries[id]?.session else { return }
            let changed = await change(session)
            self.entries[id]?.session = changed
        }
        self.entries[id]?.last = task
        await task.value
        return true
    }

    private func touch(_ id: String) -> Entry? {
        guard let entry = self.entries[id], self.now().timeIntervalSince(entry.usedAt) < Self.lifetime else {
            self.entries[id] = nil
            return nil
        }
        self.entries[id]?.usedAt = self.now()
        return entry
    }
}
