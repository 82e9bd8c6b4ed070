// SPDX-License-Identifier: Apache-2.0

extension GuardPolicy {
    /// Returns the rules of a scope as ``ScopeLimits``.
    func limits(_ scope: GuardScope, _ budget: Budget = Budget()) -> ScopeLimits {
        var limits = ScopeLimits(scope)
        // Records of sources and networks are numerous, so they are kept for a shorter time.
        if scope == .source || scope == .network { limits.retention = 2 * LedgerTime.secondsPerDay }
        for rule in self.rules where rule.name.scope == scope {
            let mode = rule.mode == .challenge && !self.hasHumanCheck ? .block : rule.mode
            switch (rule.name.measure, rule.threshold) {
            case (.lockdown, _): limits.lockdown = mode
            case (.messages, _): if let messages = budget.messages { limits.messages = (mode, messages) }
            case (.money, _): if let money = budget.money { limits.money = (mode, money) }
            case (.growth, .growth(let floor, let factor)): limits.growth = (mode, floor, factor)
            case (.unverified, .bucket(let bucket)): limits.unverified = (mode, self.reachable(bucket))
            case (.failures, .bucket(let bucket)): limits.failures = (mode, self.reachable(bucket))
            case (.destinations, .regions(let count)): limits.destinations = (mode, count)
            // `GuardPolicy.check` rejects a threshold that does not fit the measure.
            default: break
            }
        }
        return limits
    }

    /// Returns the limits of a bucket, adjusted if the service has no human check.
    ///
    /// A bucket has a checked capacity for requests that have passed a human check, and an ordinary capacity for other
    /// requests. If the service has no human check, the method sets the checked capacity to the ordinary capacity.
    private func reachable(_ bucket: LeakyBucket.Limits) -> LeakyBucket.Limits {
        var bucket = bucket
        if !self.hasHumanCheck { bucket.checkedCapacity = bucket.capacity }
        return bucket
    }
}
