// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPServer

/// The sessions of all signed-in operators, in memory.
actor AdminSessions {
    private struct Entry {
        var session: AdminSession
        let createdAt: Date
        var usedAt: Date
    }

    /// The time without a request, in seconds, after which a session ends.
    static let idleTime = 1_800.0

    /// The maximum age of a session in seconds.
    static let lifetime = 28_800.0

    private let maximum: Int
    private let now: @Sendable () -> Date
    private var entries: [String: Entry] = [:]

    /// Creates a table without sessions.
    ///
    /// - Parameters:
    ///   - maximum: The maximum number of sessions. At the maximum, a new session replaces the least recently used session.
    ///   - now: Returns the current time.
    init(maximum: Int = 100, now: @escaping @Sendable () -> Date) {
        self.maximum = maximum
        self.now = now
    }

    /// Adds a session, and returns its random identifier of 256 bits.
    func insert(_ session: AdminSession) -> String {
        let now = self.now()
        self.entries = self.entries.filter { self.isLive($0.value, at: now) }
        if self.entries.count >= self.maximum, let oldest = self.entries.min(by: { $0.value.usedAt < $1.value.usedAt })
        {
            self.entries[oldest.key] = nil
        }
        let id = OpaqueID.make()
        self.entries[id] = Entry(session: session, createdAt: now, usedAt: now)
        return id
    }

    /// Returns a session and records its use; returns `nil` if the session has ended.
    func session(_ id: String) -> AdminSession? {
        let now = self.now()
        guard let entry = self.entries[id], self.isLive(entry, at: now) else {
            self.entries[id] = nil
            return nil
        }
        self.entries[id]?.usedAt = now
        return entry.session
    }

    /// Removes the notices of a session, and returns them.
    func takeNotices(of id: String) -> [Notice] {
        defer { self.entries[id]?.session.notices = [] }
        return self.entries[id]?.session.notices ?? []
    }

    /// Changes a session; does nothing if the session was removed.
    func update(_ id: String, _ change: @Sendable (inout AdminSession) -> Void) {
        guard var entry = self.entries[id] else { return }
        change(&entry.session)
        self.entries[id] = entry
    }

    /// Ends a session.
    func remove(_ id: String) { self.entries[id] = nil }

    private func isLive(_ entry: Entry, at now: Date) -> Bool {
        now.timeIntervalSince(entry.usedAt) < Self.idleTime && now.timeIntervalSince(entry.createdAt) < Self.lifetime
    }
}
