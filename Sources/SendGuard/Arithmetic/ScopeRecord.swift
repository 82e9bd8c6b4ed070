// SPDX-License-Identifier: Apache-2.0

/// The counters of one scope: all that a ledger stores about a source, a number block, a region, a tenant or the service.
///
/// A pure value that specifies every decision: it does no I/O, and time is an argument. A ledger that stores records
/// elsewhere must decide alike; `SendLedgerConformance` compares it with this value. Counts saturate and never overflow.
public struct ScopeRecord: Sendable, Hashable {
    /// The end of the lockdown; at or before the present if there is no lockdown.
    public var lockedUntil = LedgerTime(seconds: 0)

    /// The sends that are not verified, less the credit of verified ones.
    public var unverified = LeakyBucket()

    /// The failed attempts, less the credit of verified ones.
    public var failures = LeakyBucket()

    /// The day of the next three counts, as the number of days since 1970 in UTC.
    public var day: Int

    /// The sends of the day.
    public var sent = 0

    /// The money spent on the day, in the policy's unit.
    public var spent = 0

    /// The sends that were verified on the day.
    public var verified = 0

    /// The highest number of verified sends on an earlier day; it loses an eighth each day.
    public var peak = 0

    /// The regions of sends without a success since.
    public var destinations: [RegionCode] = []

    /// Creates an empty record.
    ///
    /// - Parameter time: The ledger's time.
    public init(at time: LedgerTime) {
        self.day = time.day
        self.unverified.since = time
        self.failures.since = time
    }

    /// The number of verified sends a day that the scope has reached lately.
    var history: Int { max(self.peak, self.verified) }

    /// Starts a new day, and drains both buckets.
    mutating func advance(_ limits: ScopeLimits, at now: LedgerTime) {
        self.turnDay(now.day)
        self.unverified.drain(limits.unverified.limits, at: now)
        self.failures.drain(limits.failures.limits, at: now)
    }

    /// Moves the counts of finished days into the peak.
    private mutating func turnDay(_ today: Int) {
        // After a clock ran ahead, the counts stay: a budget is rather spent once too early than twice.
        if today > self.day {
            self.peak = max(self.peak - Self.decay(self.peak), self.verified)
            var days = today - self.day - 1
            while days > 0, self.peak > 0 {
                self.peak -= Self.decay(self.peak)
                days -= 1
            }
            self.sent = 0
            self.spent = 0
            self.verified = 0
        }
        self.day = today
    }

    private static func decay(_ peak: Int) -> Int { (peak + 7) / 8 }

    /// The seconds for which the record matters, and a minute for clocks that differ.
    ///
    /// A record that no longer matters decides as an empty one, except for a history too short to add capacity.
    ///
    /// - Parameters:
    ///   - limits: The rules of the scope.
    ///   - now: The ledger's time.
    /// - Returns: The seconds after which a ledger removes the record: at least 1.
    public func lifetime(_ limits: ScopeLimits, at now: LedgerTime) -> Int {
        var seconds = max(0, self.lockedUntil - now)
        if self.isWorthRemembering(limits) { seconds = max(seconds, limits.retention) }
        if self.sent > 0, limits.countsDays { seconds = max(seconds, now.secondsUntilNextDay) }
        if self.destinations.count > 1 { seconds = max(seconds, LedgerTime.secondsPerDay) }
        seconds = max(seconds, self.unverified.level * limits.unverified.limits.pause)
        seconds = max(seconds, self.failures.level * limits.failures.limits.pause)
        return seconds == 0 ? 1 : seconds + LedgerTime.tolerance
    }

    /// Whether the record has a history that adds capacity, or pauses that have doubled.
    private func isWorthRemembering(_ limits: ScopeLimits) -> Bool {
        let bucket = limits.unverified.limits
        if bucket.share > 0, self.history >= bucket.share { return true }
        return bucket.doublings > 0 && (self.unverified.level > 0 || self.unverified.step > 0)
    }
}
