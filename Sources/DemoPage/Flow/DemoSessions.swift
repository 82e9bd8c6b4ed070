// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The sessions of all visitors, in memory.
///
/// The requests of one session are handled one after another.
actor DemoSessions {
    /// A submitted form, for the detection of repeated submissions.
    ///
    /// A double click submits the same form twice.
    struct Submission: Sendable, Hashable {
        var form: String?
        var action: DemoAction
    }

    private struct Entry {
        var session: DemoSession
        var usedAt: Date
        /// The task of the last request of the session.
        var last: Task<String?, Never>?
    }

    /// A session whose identifier was replaced.
    private struct Renewed {
        var successor: String
        var submission: Submission?
        var at: Date
    }

    /// The seconds after which an unused session ends.
    private static let lifetime = 3600.0

    private let maximum: Int
    private let now: @Sendable () -> Date
    private var entries: [String: Entry] = [:]
    private var renewed: [String: Renewed] = [:]

    /// Creates an empty table.
    ///
    /// - Parameters:
    ///   - maximum: The maximum number of sessions. At the maximum, a new session replaces the least recently used session.
    ///   - now: Returns the current time.
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

    /// Waits for the pending requests of a session, and returns the session.
    ///
    /// - Parameters:
    ///   - id: The identifier of the session.
    ///   - showsCodes: Whether the page shows the new recovery codes. If so, the codes are removed from the session.
    /// - Returns: The session, with new codes only if the page shows them; `nil` if the session does not exist.
    func session(_ id: String, showsCodes: Bool = false) async -> DemoSession? {
        _ = await self.entries[id]?.last?.value
        guard var session = self.touch(id)?.session else { return nil }
        let codes = session.newCodes
        session.newCodes = []
        if showsCodes {
            self.entries[id]?.session = session
            session.newCodes = codes
        }
        return session
    }

    /// Updates a session after all earlier requests of the session.
    ///
    /// When a session gets an account, its identifier changes. An attacker who planted the old identifier in the browser
    /// therefore cannot use the account. The old identifier is still accepted with a repetition of the form that changed it,
    /// such as the second request of a double click.
    ///
    /// - Parameters:
    ///   - id: The identifier of the session.
    ///   - submission: The submitted form; `nil` for no form.
    ///   - change: Returns the new session.
    /// - Returns: The identifier of the session after the update; `nil` if the session does not exist.
    func update(
        _ id: String,
        by submission: Submission? = nil,
        _ change: @escaping @Sendable (DemoSession) async -> DemoSession
    ) async -> String? {
        guard let entry = self.touch(id) else { return self.successor(of: id, by: submission) }
        let task = Task { () -> String? in
            _ = await entry.last?.value
            guard let session = self.entries[id]?.session else { return self.successor(of: id, by: submission) }
            return self.replace(session, of: id, by: submission, with: await change(session))
        }
        self.entries[id]?.last = task
        return await task.value
    }

    /// Returns whether an identifier was replaced.
    func isRenewed(_ id: String) -> Bool { self.renewed[id] != nil }

    /// Stores the new state of a session, and returns the session's identifier, which may be new.
    private func replace(
        _ old: DemoSession,
        of id: String,
        by submission: Submission?,
        with new: DemoSession
    ) -> String {
        guard old.account == nil, new.account != nil, self.entries[id] != nil else {
            self.entries[id]?.session = new
            return id
        }
        self.entries[id] = nil
        let successor = self.insert(new)
        let now = self.now()
        self.renewed = self.renewed.filter { now.timeIntervalSince($0.value.at) < Self.lifetime }
        if self.renewed.count >= self.maximum, let oldest = self.renewed.min(by: { $0.value.at < $1.value.at }) {
            self.renewed[oldest.key] = nil
        }
        self.renewed[id] = Renewed(successor: successor, submission: submission, at: now)
        return successor
    }

    /// Returns the new identifier of a session if a request repeats the form that changed the identifier.
    ///
    /// The form contains the code, which an attacker does not know. A request with any other form, or without a form,
    /// invalidates the old identifier. An attacker therefore cannot try several codes.
    private func successor(of id: String, by submission: Submission?) -> String? {
        guard let renewed = self.renewed[id] else { return nil }
        guard let submission, submission == renewed.submission else {
            self.renewed[id] = nil
            return nil
        }
        return renewed.successor
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
