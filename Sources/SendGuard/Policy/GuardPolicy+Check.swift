// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension GuardPolicy {
    /// Checks that the policy is valid.
    ///
    /// For example, each value must be in its range, and each rule must have a different name. If a budget limits money, each
    /// region in ``homeRegions`` needs a price, unless the policy has an ``otherPrice``.
    ///
    /// - Throws: ``GuardConfigurationError`` with the name of the first invalid entry.
    public func check() throws(GuardConfigurationError) {
        var names: Set<GuardRule.Name> = []
        for rule in self.rules {
            guard names.insert(rule.name).inserted else {
                throw GuardConfigurationError("\(rule.name)", "the policy has two rules of this name")
            }
            try rule.check()
        }
        try Self.check(self.serviceBudget, "serviceBudget")
        try Self.check(self.tenantBudget, "tenantBudget")
        for (tenant, budget) in self.tenantBudgets { try Self.check(budget, "tenantBudgets[\(tenant)]") }
        for (region, budget) in self.regionBudgets { try Self.check(budget, "regionBudgets[\(region)]") }
        for (region, price) in self.prices { try Self.check(price: price, "prices[\(region)]") }
        if let price = self.otherPrice { try Self.check(price: price, "otherPrice") }
        if self.limitsMoney, self.otherPrice == nil {
            for region in self.homeRegions where self.prices[region] == nil {
                throw GuardConfigurationError(
                    "prices[\(region)]",
                    "a budget of money needs a price for each home region"
                )
            }
        }
        for entry in self.allowList {
            guard case .numbers(let prefix) = entry.subject else { continue }
            guard (1...15).contains(prefix.utf8.count), prefix.utf8.allSatisfy(\.isASCIIDigit) else {
                throw GuardConfigurationError("allowList", "a prefix of numbers has 1 to 15 digits and no plus sign")
            }
        }
    }

    private static func check(_ budget: Budget, _ entry: String) throws(GuardConfigurationError) {
        if let messages = budget.messages, !(0...ScopeRecord.highestCount).contains(messages) {
            throw GuardConfigurationError(entry, "a budget has 0 to \(ScopeRecord.highestCount) messages a day")
        }
        if let money = budget.money, !(0...Self.highestMoney).contains(money) {
            throw GuardConfigurationError(entry, "a budget of money is from 0 to \(Self.highestMoney)")
        }
    }

    private static func check(price: Int, _ entry: String) throws(GuardConfigurationError) {
        guard (0...SendRequest.highestPrice).contains(price) else {
            throw GuardConfigurationError(entry, "a price is from 0 to \(SendRequest.highestPrice)")
        }
    }
}

extension GuardRule {
    fileprivate func check() throws(GuardConfigurationError) {
        switch (self.name.measure, self.threshold) {
        case (.lockdown, .none), (.messages, .budget), (.money, .budget): return
        case (.growth, .growth(let floor, let factor)):
            try self.check(floor, 0...ScopeRecord.highestCount, "the floor")
            try self.check(factor, 0...255, "the factor")
        case (.unverified, .bucket(let bucket)), (.failures, .bucket(let bucket)): try self.check(bucket)
        case (.destinations, .regions(let count)): try self.check(count, 1...10, "the number of regions")
        default: throw GuardConfigurationError("\(self.name)", "the threshold belongs to another measure")
        }
    }

    private func check(_ bucket: LeakyBucket.Limits) throws(GuardConfigurationError) {
        try self.check(bucket.capacity, 1...LeakyBucket.highest, "the capacity")
        try self.check(bucket.checkedCapacity, bucket.capacity...LeakyBucket.highest, "the checked capacity")
        try self.check(bucket.pause, 1...LedgerTime.secondsPerDay, "the pause")
        try self.check(bucket.weight, 1...255, "the weight")
        try self.check(bucket.credit, 0...255, "the credit")
        try self.check(bucket.share, 0...65_535, "the share")
        // A record stores the number of doublings only for the bucket of unverified sends.
        try self.check(bucket.doublings, 0...(self.name.measure == .unverified ? 15 : 0), "the number of doublings")
    }

    private func check(_ value: Int, _ range: ClosedRange<Int>, _ name: String) throws(GuardConfigurationError) {
        guard range.contains(value) else {
            throw GuardConfigurationError(
                "\(self.name)",
                "\(name) is \(value): choose \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }
}
