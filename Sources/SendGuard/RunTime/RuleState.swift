// SPDX-License-Identifier: Apache-2.0

/// The state of a rule in one scope: the measured value, the threshold, and the wait.
public struct RuleState: Sendable, Hashable {
    /// The name of the rule.
    public let rule: GuardRule.Name

    /// The mode of the rule.
    public let mode: GuardMode

    /// The current measured value; 0 for a lockdown.
    public let measured: Int

    /// The threshold; 0 for a lockdown.
    public let threshold: Int

    /// Whether the threshold of the rule is reached for ordinary sends (``SendStanding/ordinary``).
    ///
    /// For a breaker (a rule with a leaky bucket), the value is `true` while the breaker is open, because its bucket is full.
    /// For a lockdown, the value is `true` while the lockdown is active.
    public let isReached: Bool

    /// The number of seconds until ``isReached`` becomes `false`; 0 if the value is `false` now.
    ///
    /// The number assumes that no further sends, verified sends or failed attempts are counted.
    public let wait: Int

    /// Creates a state.
    ///
    /// - Parameters:
    ///   - rule: The name of the rule.
    ///   - mode: The mode of the rule.
    ///   - measured: The measured value.
    ///   - threshold: The threshold.
    ///   - wait: The number of seconds until the threshold is no longer reached; `nil` if the threshold is not reached now.
    public init(_ rule: GuardRule.Name, _ mode: GuardMode, measured: Int, threshold: Int, wait: Int?) {
        self.rule = rule
        self.mode = mode
        self.measured = measured
        self.threshold = threshold
        self.isReached = wait != nil
        self.wait = wait ?? 0
    }
}

extension ScopeRecord {
    /// Returns the states of all rules of a scope, in the order of ``GuardMeasure``.
    ///
    /// Rules with the mode `off` are omitted.
    ///
    /// - Parameters:
    ///   - limits: The rules of the scope.
    ///   - now: The ledger's time.
    /// - Returns: The states for ordinary sends (``SendStanding/ordinary``).
    public func states(_ limits: ScopeLimits, at now: LedgerTime) -> [RuleState] {
        var record = self
        record.advance(limits, at: now)
        return record.advancedStates(limits, now).filter { $0.mode != .off }
    }

    private func advancedStates(_ limits: ScopeLimits, _ now: LedgerTime) -> [RuleState] {
        let nextDay = now.secondsUntilNextDay
        let growth = limits.growth.floor + limits.growth.factor * self.peak
        let bucket = limits.unverified.limits
        let capacity = bucket.capacity + (bucket.share > 0 ? self.history / bucket.share : 0)
        let failures = limits.failures.limits
        func state(_ measure: GuardMeasure, _ mode: GuardMode, _ measured: Int, _ threshold: Int, _ wait: Int?)
            -> RuleState
        {
            RuleState(GuardRule.Name(measure, limits.scope), mode, measured: measured, threshold: threshold, wait: wait)
        }
        func wait(_ bucket: LeakyBucket, _ capacity: Int, _ limits: LeakyBucket.Limits) -> Int? {
            bucket.level >= capacity ? bucket.wait(below: capacity, limits, at: now) : nil
        }
        return [
            state(.lockdown, limits.lockdown, 0, 0, self.lockedUntil > now ? self.lockedUntil - now : nil),
            state(
                .messages,
                limits.messages.mode,
                self.sent,
                limits.messages.limit,
                self.sent >= limits.messages.limit ? nextDay : nil
            ),
            state(
                .money,
                limits.money.mode,
                self.spent,
                limits.money.limit,
                self.spent >= limits.money.limit ? nextDay : nil
            ),
            state(.growth, limits.growth.mode, self.sent, growth, self.sent >= growth ? nextDay : nil),
            state(
                .unverified,
                limits.unverified.mode,
                self.unverified.level,
                capacity,
                wait(self.unverified, capacity, bucket)
            ),
            state(
                .failures,
                limits.failures.mode,
                self.failures.level,
                failures.capacity,
                wait(self.failures, failures.capacity, failures)
            ),
            state(
                .destinations,
                limits.destinations.mode,
                self.destinations.count,
                limits.destinations.count,
                self.destinations.count >= limits.destinations.count ? LedgerTime.secondsPerDay : nil
            ),
        ]
    }
}
