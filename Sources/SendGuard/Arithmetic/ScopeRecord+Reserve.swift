// SPDX-License-Identifier: Apache-2.0

extension ScopeRecord {
    /// The largest count of sends or verified sends that a record stores.
    package static let highestCount = 0xFFFF_FFFF

    /// Counts a send, and returns the findings of the rules.
    ///
    /// If a finding in any scope refuses the send (``GuardFinding/Effect/refuses``), the ledger must discard the changed
    /// record, because a refused send is not counted.
    ///
    /// - Parameters:
    ///   - limits: The rules of the scope.
    ///   - send: The properties of the send that affect the decision.
    ///   - now: The ledger's time.
    /// - Returns: The findings in the order of ``GuardMeasure``, including budget alerts and findings of monitored rules.
    public mutating func reserve(_ limits: ScopeLimits, _ send: SendFacts, at now: LedgerTime) -> [GuardFinding] {
        self.advance(limits, at: now)
        let standing = send.standing(at: now)
        var findings: [GuardFinding] = []
        self.checkLockdown(limits, standing, now, &findings)
        self.checkDay(limits, send, now, &findings)
        self.checkUnverified(limits, standing, now, &findings)
        self.checkFailures(limits, standing, now, &findings)
        self.checkDestinations(limits, standing, send.destination, &findings)
        self.sent = min(self.sent + 1, Self.highestCount)
        self.spent = min(self.spent + send.cost, GuardPolicy.highestMoney)
        if limits.unverified.mode != .off { self.unverified.fill(1) }
        return findings
    }

    /// Undoes the count of a send whose message was certainly not sent.
    ///
    /// - Parameters:
    ///   - cost: The cost of the send.
    ///   - time: The ledger's time at which the send was counted.
    public mutating func release(cost: Int, reservedAt time: LedgerTime) {
        self.unverified.empty(1)
        guard time.day == self.day else { return }
        self.sent = max(0, self.sent - 1)
        self.spent = max(0, self.spent - cost)
    }

    /// Records verified sends and failed attempts.
    ///
    /// - Parameters:
    ///   - successes: The number of verified sends.
    ///   - failures: The number of failed attempts.
    ///   - limits: The rules of the scope.
    ///   - now: The ledger's time.
    public mutating func record(successes: Int, failures: Int, _ limits: ScopeLimits, at now: LedgerTime) {
        self.advance(limits, at: now)
        if successes > 0 {
            self.verified = min(self.verified + successes, Self.highestCount)
            self.unverified.empty(successes * limits.unverified.limits.credit)
            self.unverified.step = 0
            self.failures.empty(successes * limits.failures.limits.credit)
            self.destinations = []
        }
        // The level never exceeds `checkedCapacity`, so that the breaker closes soon after the last failure.
        let bucket = limits.failures.limits
        guard limits.failures.mode != .off else { return }
        self.failures.fill(failures * bucket.weight, upTo: bucket.checkedCapacity)
    }
}
