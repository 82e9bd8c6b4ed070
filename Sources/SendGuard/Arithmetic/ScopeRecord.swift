// SPDX-License-Identifier: Apache-2.0

/// The counts of one scope, such as a client address, a number block or a region.
///
/// Every ledger must make the same decisions as the methods of this type. The tests in `SendLedgerConformance` check this
/// requirement. The methods perform no I/O, and receive the time as an argument. Counts saturate instead of overflowing.
public struct ScopeRecord: Sendable, Hashable {
    /// The end of the latest lockdown; 0 if the record contains no lockdown.
    public var lockedUntil = LedgerTime(seconds: 0)

    /// The bucket of unverified sends, from which verified sends remove units.
    public var unverified = LeakyBucket()

    /// The bucket of failed attempts, from which verified sends remove units.
    public var failures = LeakyBucket()

    /// The day of `sent`, `spent` and `verified`, in days since 1970-01-01 in UTC.
    public var day: Int

    /// The number of sends on the day ``day``.
    public var sent = 0

    /// The money spent on the day ``day``, in the policy's unit.
    public var spent = 0

    /// The number of sends that were verified on the day ``day``.
    public var verified = 0

    /// The number of verified sends on the best recent day.
    ///
    /// The peak decreases by an eighth each day. The current day is not included.
    public var peak = 0

    /// The regions to which messages were sent since the last verified send.
    public var destinations: [RegionCode] = []

    /// Creates an empty record.
    ///
    /// - Parameter time: The ledger's time.
    public init(at time: LedgerTime) {
        self.day = time.day
        self.unverified.since = time
        self.failures.since = time
    }

    /// The higher of the numbers ``verified`` (today) and ``peak`` (the best recent day).
    var history: Int { max(self.peak, self.verified) }

    /// Starts a new day if the day has changed, and drains both buckets.
    mutating func advance(_ limits: ScopeLimits, at now: LedgerTime) {
        self.turnDay(now.day)
        self.unverified.drain(limits.unverified.limits, at: now)
        self.failures.drain(limits.failures.limits, at: now)
    }

    /// Sets the current day.
    ///
    /// If the day is later than before, the method updates ``peak`` with the verified sends of the finished days, and resets
    /// the daily counts.
    private mutating func turnDay(_ today: Int) {
        // If the clock was set back to an earlier day, the counts remain, so that the change of the clock resets no budget. The
        // next midnight resets the counts.
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

    /// Returns the number of seconds after which a ledger removes the record, unless the record changes before.
    ///
    /// The number is at least ``ScopeLimits/retention`` in two cases:
    ///
    /// * Verified sends have raised the capacities of the bucket ``unverified`` (``LeakyBucket/Limits/share``).
    /// * The pause between two drained units of this bucket has doubled, or doubles when the next unit drains
    ///   (``LeakyBucket/Limits/doublings``).
    ///
    /// The number is at least one day if ``destinations`` contains two or more regions.
    ///
    /// - Parameters:
    ///   - limits: The rules of the scope.
    ///   - now: The ledger's time.
    /// - Returns: The number of seconds, at least 1.
    public func lifetime(_ limits: ScopeLimits, at now: LedgerTime) -> Int {
        var seconds = max(0, self.lockedUntil - now)
        if self.isWorthRemembering(limits) { seconds = max(seconds, limits.retention) }
        if self.sent > 0, limits.countsDays { seconds = max(seconds, now.secondsUntilNextDay) }
        if self.destinations.count > 1 { seconds = max(seconds, LedgerTime.secondsPerDay) }
        seconds = max(seconds, self.unverified.level * limits.unverified.limits.pause)
        seconds = max(seconds, self.failures.level * limits.failures.limits.pause)
        return seconds == 0 ? 1 : seconds + LedgerTime.tolerance
    }

    /// Whether the lifetime of the record must be at least ``ScopeLimits/retention``.
    ///
    /// The value is `true` if verified sends have raised the capacities of the bucket ``unverified``. The value is also `true`
    /// if the pause between two drained units of this bucket has doubled, or doubles when the next unit drains.
    private func isWorthRemembering(_ limits: ScopeLimits) -> Bool {
        let bucket = limits.unverified.limits
        if bucket.share > 0, self.history >= bucket.share { return true }
        return bucket.doublings > 0 && (self.unverified.level > 0 || self.unverified.step > 0)
    }
}
