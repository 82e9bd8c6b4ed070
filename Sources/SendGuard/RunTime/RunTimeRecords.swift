// SPDX-License-Identifier: Apache-2.0

/// The run-time modes (``GuardModes``) and the daily reports (``ReportDay``) of an in-memory ledger, with their expiry.
///
/// Every other ledger must return the same modes and reports as this type.
package struct RunTimeRecords: Sendable {
    private var stored: (modes: GuardModes, expiry: LedgerTime)?
    private var days: [Int: ReportDay] = [:]

    /// Creates records with the given modes, and without daily reports.
    ///
    /// - Parameters:
    ///   - modes: The modes.
    ///   - now: The time of the last change of the modes. The time is ignored if no mode was ever set.
    package init(_ modes: GuardModes = GuardModes(), at now: LedgerTime = LedgerTime(seconds: 0)) {
        if modes.version > 0 { self.stored = (modes, now + GuardModes.lifetime) }
    }

    /// Returns the modes.
    package func modes(at now: LedgerTime) -> GuardModes {
        guard let stored = self.stored, stored.expiry >= now else { return GuardModes() }
        return stored.modes
    }

    /// Returns the modes; `nil` if the modes have the given version.
    package func modes(unlessVersion version: Int, at now: LedgerTime) -> GuardModes? {
        let modes = self.modes(at: now)
        return modes.version == version ? nil : modes
    }

    /// Sets the mode of a rule, and returns all modes.
    package mutating func setMode(_ mode: GuardMode?, of rule: GuardRule.Name, at now: LedgerTime) -> GuardModes {
        var modes = self.modes(at: now)
        modes.set(mode, of: rule, at: now)
        self.stored = (modes, now + GuardModes.lifetime)
        return modes
    }

    /// Removes the modes if they have expired.
    package mutating func removeExpired(at now: LedgerTime) {
        if let stored = self.stored, stored.expiry < now { self.stored = nil }
    }

    /// Adds counts to the report of the current day.
    package mutating func add(_ counts: [ReportedEvent: Int], at now: LedgerTime) {
        self.days[now.day, default: ReportDay()].add(counts)
        self.days = self.days.filter { Self.isKept($0.key, at: now) }
    }

    /// Replaces the report of a day.
    package mutating func set(_ report: ReportDay, ofDay day: Int) {
        self.days[day] = report
    }

    /// Returns the report of a day.
    package func report(ofDay day: Int, at now: LedgerTime) -> ReportDay {
        Self.isKept(day, at: now) ? self.days[day, default: ReportDay()] : ReportDay()
    }

    private static func isKept(_ day: Int, at now: LedgerTime) -> Bool { now.day <= day + ReportDay.retention }
}
