// SPDX-License-Identifier: Apache-2.0

extension ScopeRecord {
    func checkLockdown(
        _ limits: ScopeLimits,
        _ standing: SendStanding,
        _ now: LedgerTime,
        _ findings: inout [GuardFinding]
    ) {
        guard limits.lockdown != .off, self.lockedUntil > now, standing < .known else { return }
        findings.append(
            GuardFinding(
                limits.scope,
                .lockdown,
                GuardFinding.Effect(limits.lockdown, standing),
                measured: 0,
                threshold: 0,
                wait: self.lockedUntil - now
            )
        )
    }

    /// Checks the daily budgets and the daily growth limit.
    ///
    /// A growth limit with the mode `challenge` does not apply after a human check. All other daily limits apply to every
    /// request.
    func checkDay(_ limits: ScopeLimits, _ send: SendFacts, _ now: LedgerTime, _ findings: inout [GuardFinding]) {
        let isLifted = limits.growth.mode == .challenge && send.signals.contains(.humanCheckPassed)
        let growth = isLifted ? .off : limits.growth.mode
        let counts: [(GuardMeasure, GuardMode, before: Int, added: Int, threshold: Int)] = [
            (.messages, limits.messages.mode, self.sent, 1, limits.messages.limit),
            (.money, limits.money.mode, self.spent, send.cost, limits.money.limit),
            (.growth, growth, self.sent, 1, limits.growth.floor + limits.growth.factor * self.peak),
        ]
        for (measure, mode, before, added, threshold) in counts where mode != .off {
            let after = before + added
            let effect: GuardFinding.Effect
            if after > threshold {
                effect = GuardFinding.Effect(mode, .ordinary)
            } else if measure != .growth, GuardFinding.alerts(before: before, after: after, of: threshold) {
                effect = .alert
            } else {
                continue
            }
            findings.append(
                GuardFinding(
                    limits.scope,
                    measure,
                    effect,
                    measured: after,
                    threshold: threshold,
                    wait: effect == .alert ? 0 : now.secondsUntilNextDay
                )
            )
        }
    }

    /// Checks the level of the bucket of unverified sends.
    ///
    /// The capacity for requests that passed a human check is the highest capacity. If the level is above the highest capacity,
    /// the method first lowers the level to this capacity. Otherwise, a bucket whose capacity has shrunk would refuse all sends
    /// for a long time.
    mutating func checkUnverified(
        _ limits: ScopeLimits,
        _ standing: SendStanding,
        _ now: LedgerTime,
        _ findings: inout [GuardFinding]
    ) {
        let bucket = limits.unverified.limits
        let extra = bucket.share > 0 ? self.history / bucket.share : 0
        self.unverified.level = min(self.unverified.level, bucket.checkedCapacity + extra)
        let rule = limits.unverified
        guard let finding = self.unverified.finding(.unverified, limits.scope, rule, standing, now, extra: extra) else {
            return
        }
        findings.append(finding)
    }

    func checkFailures(
        _ limits: ScopeLimits,
        _ standing: SendStanding,
        _ now: LedgerTime,
        _ findings: inout [GuardFinding]
    ) {
        guard let finding = self.failures.finding(.failures, limits.scope, limits.failures, standing, now) else {
            return
        }
        findings.append(finding)
    }

    /// Checks the number of regions to which messages were sent since the last verified send.
    ///
    /// If the limit allows another region, the method adds the region of the send to the record.
    mutating func checkDestinations(
        _ limits: ScopeLimits,
        _ standing: SendStanding,
        _ destination: RegionCode,
        _ findings: inout [GuardFinding]
    ) {
        guard limits.destinations.mode != .off, !self.destinations.contains(destination) else { return }
        guard self.destinations.count >= limits.destinations.count else {
            self.destinations.append(destination)
            return
        }
        guard standing == .ordinary else { return }
        findings.append(
            GuardFinding(
                limits.scope,
                .destinations,
                GuardFinding.Effect(limits.destinations.mode, standing),
                measured: self.destinations.count + 1,
                threshold: limits.destinations.count,
                wait: LedgerTime.secondsPerDay + LedgerTime.tolerance
            )
        )
    }
}

extension LeakyBucket {
    /// Returns the finding of a full bucket; `nil` if the bucket has room or the rule does not apply.
    fileprivate func finding(
        _ measure: GuardMeasure,
        _ scope: GuardScope,
        _ rule: (mode: GuardMode, limits: Limits),
        _ standing: SendStanding,
        _ now: LedgerTime,
        extra: Int = 0
    ) -> GuardFinding? {
        guard rule.mode != .off, standing < .listed else { return nil }
        let capacity = (standing == .checked ? rule.limits.checkedCapacity : rule.limits.capacity) + extra
        guard self.level >= capacity else { return nil }
        return GuardFinding(
            scope,
            measure,
            GuardFinding.Effect(rule.mode, standing),
            measured: self.level,
            threshold: capacity,
            wait: self.wait(below: capacity, rule.limits, at: now)
        )
    }
}
