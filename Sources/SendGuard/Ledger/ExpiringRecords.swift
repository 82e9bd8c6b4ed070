// SPDX-License-Identifier: Apache-2.0

/// The scope records (``ScopeRecord``) of an in-memory ledger, with their expiry.
struct ExpiringRecords: Sendable {
    private struct Entry: Sendable {
        var record: ScopeRecord
        var expiry: LedgerTime
    }

    /// The minimum number of records in memory at which expired records are removed.
    ///
    /// Expired records are removed again when the number of records has doubled since the last removal.
    private static let smallestSweep = 1_024

    private var entries: [ScopeName: Entry] = [:]
    private var nextSweep = Self.smallestSweep

    /// The number of records, including expired records.
    var count: Int { self.entries.count }

    /// Returns the record of a scope; `nil` if the record does not exist or has expired.
    func record(_ scope: ScopeClaim, at now: LedgerTime) -> ScopeRecord? {
        guard let entry = self.entries[scope.name], entry.expiry >= now else { return nil }
        return entry.record
    }

    /// Counts a send in all given scopes, unless one of them refuses the send.
    mutating func reserve(_ scopes: [ScopeClaim], _ facts: SendFacts, at now: LedgerTime) -> [GuardFinding] {
        var findings: [GuardFinding] = []
        var changed: [(ScopeClaim, ScopeRecord)] = []
        for scope in scopes {
            var record = self.record(scope, at: now) ?? ScopeRecord(at: now)
            findings += record.reserve(scope.limits, facts, at: now)
            if scope.limits.countsSends { changed.append((scope, record)) }
        }
        guard !findings.contains(where: { $0.effect.refuses }) else { return findings }
        for (scope, record) in changed { self.set(record, scope, at: now) }
        return findings
    }

    /// Undoes the count of a send in all given scopes.
    ///
    /// If a scope has no record, the method does not create one.
    mutating func release(_ scopes: [ScopeClaim], _ cost: Int, reservedAt time: LedgerTime, at now: LedgerTime) {
        for scope in scopes where scope.limits.countsSends {
            guard var record = self.record(scope, at: now) else { continue }
            record.release(cost: cost, reservedAt: time)
            self.set(record, scope, at: now)
        }
    }

    /// Changes the record of a scope.
    ///
    /// A missing record is created.
    mutating func change(_ scope: ScopeClaim, at now: LedgerTime, _ step: (inout ScopeRecord) -> Void) {
        var record = self.record(scope, at: now) ?? ScopeRecord(at: now)
        step(&record)
        self.set(record, scope, at: now)
    }

    private mutating func set(_ record: ScopeRecord, _ scope: ScopeClaim, at now: LedgerTime) {
        self.entries[scope.name] = Entry(record: record, expiry: now + record.lifetime(scope.limits, at: now))
        guard self.entries.count >= self.nextSweep else { return }
        // Expired entries are removed only after the table has doubled, so that a step costs O(1) on average.
        self.entries = self.entries.filter { $0.value.expiry >= now }
        self.nextSweep = max(Self.smallestSweep, self.entries.count * 2)
    }
}
