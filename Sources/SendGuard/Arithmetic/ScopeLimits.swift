// SPDX-License-Identifier: Apache-2.0

/// The rules of one scope, such as a client address or a region, with a mode and a threshold for each ``GuardMeasure``.
///
/// ``GuardPolicy`` creates the limits from its table of rules. A measure without a rule has the mode ``GuardMode/off``.
public struct ScopeLimits: Sendable, Hashable {
    /// The kind of the scope.
    public var scope: GuardScope

    /// The mode of the rule for lockdowns.
    public var lockdown = GuardMode.off

    /// The maximum number of messages per day.
    ///
    /// Days begin at midnight UTC.
    public var messages = (mode: GuardMode.off, limit: 0)

    /// The maximum amount of money per day, in the policy's unit.
    ///
    /// Days begin at midnight UTC.
    public var money = (mode: GuardMode.off, limit: 0)

    /// The growth limit: at most `floor + factor * peak` messages per day.
    ///
    /// The peak is the number of verified sends on the best recent day (``ScopeRecord/peak``).
    public var growth = (mode: GuardMode.off, floor: 0, factor: 0)

    /// The mode of the rule for unverified sends, and the limits of its leaky bucket.
    public var unverified = (mode: GuardMode.off, limits: LeakyBucket.Limits.unused)

    /// The mode of the rule for failed attempts, and the limits of its leaky bucket.
    public var failures = (mode: GuardMode.off, limits: LeakyBucket.Limits.unused)

    /// The maximum number of regions that may receive messages until the next verified send.
    public var destinations = (mode: GuardMode.off, count: 0)

    /// The minimum lifetime of certain records, in seconds since the last change of the record.
    ///
    /// The minimum applies to a record in two cases:
    ///
    /// * Verified sends have raised the capacities of the bucket for unverified sends (``LeakyBucket/Limits/share``).
    /// * The pause between two drained units of this bucket has doubled, or doubles when the next unit drains
    ///   (``LeakyBucket/Limits/doublings``).
    ///
    /// Without the minimum, the ledger could lose the raised capacities or the doubled pause too early.
    public var retention = 15 * LedgerTime.secondsPerDay

    /// Creates limits with all measures off.
    ///
    /// - Parameter scope: The kind of the scope.
    public init(_ scope: GuardScope) {
        self.scope = scope
    }

    /// Whether a rule reads the daily counts of messages, money or verified sends.
    var countsDays: Bool { self.messages.mode != .off || self.money.mode != .off || self.growth.mode != .off }

    /// Whether a send changes the record of the scope.
    ///
    /// The value is `false` if no rule of the scope depends on sends, for example if the scope counts only failed attempts.
    public var countsSends: Bool {
        self.countsDays || self.unverified.mode != .off || self.destinations.mode != .off
    }

    /// Whether a verified send or a failed attempt changes the record of the scope.
    var countsOutcomes: Bool {
        self.unverified.mode != .off || self.failures.mode != .off || self.growth.mode != .off
    }
}

extension ScopeLimits {
    /// The modes and thresholds, in the order in which a ledger encodes them.
    package var fields: [Int] {
        let unverified = self.unverified.limits
        let failures = self.failures.limits
        return [
            Int(self.scope.rawValue), Int(self.lockdown.rawValue),
            Int(self.messages.mode.rawValue), self.messages.limit,
            Int(self.money.mode.rawValue), self.money.limit,
            Int(self.growth.mode.rawValue), self.growth.floor, self.growth.factor,
            Int(self.unverified.mode.rawValue), unverified.capacity, unverified.checkedCapacity, unverified.share,
            unverified.pause, unverified.doublings, unverified.credit,
            Int(self.failures.mode.rawValue), failures.capacity, failures.checkedCapacity, failures.pause,
            failures.weight, failures.credit,
            Int(self.destinations.mode.rawValue), self.destinations.count,
            self.retention, self.countsSends ? 1 : 0, self.countsDays ? 1 : 0,
        ]
    }

    /// Returns whether all rules are equal.
    public static func == (left: Self, right: Self) -> Bool { left.fields == right.fields }

    /// Hashes all rules.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.fields) }
}

extension LeakyBucket.Limits {
    /// Placeholder limits for a bucket without a rule.
    static let unused = Self(capacity: 0, checkedCapacity: 0, pause: 1, credit: 0)
}
