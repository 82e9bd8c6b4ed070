// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The sessions of all visitors, in memory.
///
/// The requests of one session are handled one after another.
actor DemoSessions {
    private struct Entry {
        var session: DemoSession
        var usedAt: Date
        /// The task of the last request of the session.
        var last: Task<Void, Never>?
    }

    /// The time, in seconds, after which an unused session ends.
    private static let lifetime = 3600.0

    private let maximum: Int
    private let now: @Sendable () -> Date
    private var entries: [String: Entry] = [:]

    /// Creates an empty table.
    ///
    /// - Parameters:
    ///   - maximum: The maximum number of sessions. If the table is full, a new session replaces the least recently used
    ///     session.
    ///   - now: A closure that returns the current time.
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

    /// Waits for the pending requests of a session, and returns the session, or `nil` if the session does not exist.
    func session(_ id: String) async -> DemoSession? {
        await self.entries[id]?.last?.value
        return self.touch(id)?.session
    }

    /// Updates a session after all earlier requests of the session.
    ///
    /// - Parameters:
    ///   - id: The identifier of the session.
    ///   - change: A closure that returns the new session.
    /// - Returns: Whether the session exists.
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
