// SPDX-License-Identifier: Apache-2.0

import Hiredis
import SendGuard

/// The records of the scopes (`GuardScope`) in one script call, each with its key and its rules.
struct ScopeBatch: Sendable {
    /// The keys of the records.
    private(set) var keys: [String] = []
    private var scopes: [ScopeClaim] = []
    private var positions: [ScopeName: UInt8] = [:]
    private var rules: [ScopeRules] = []
    private var ruleOfScope: [UInt8] = []

    /// Returns whether the given scopes can be added to the batch.
    ///
    /// The result is `false` if the batch would then have more than `limit` records. The result is also `false` if the batch
    /// already contains one of the scopes with different rules. Rules can differ shortly after an operator has changed the mode
    /// of a rule.
    func accepts(_ more: [ScopeClaim], limit: Int = GuardScripts.mostKeys) -> Bool {
        var missing = 0
        for scope in more {
            if let position = self.positions[scope.name] {
                guard ScopeRules.areEqual(self.scopes[Int(position) - 1].rules, scope.rules) else { return false }
            } else {
                missing += 1
            }
        }
        return self.keys.count + missing <= limit
    }

    /// Returns the position of a scope's record, and adds the record if the batch does not contain it.
    ///
    /// - Parameters:
    ///   - scope: The scope.
    ///   - key: A closure that returns the key of a scope.
    /// - Returns: The position of the record, counted from 1.
    @discardableResult
    mutating func position(of scope: ScopeClaim, key: (ScopeClaim) -> String) -> UInt8 {
        if let position = self.positions[scope.name] { return position }
        let position = UInt8(self.keys.count + 1)
        self.positions[scope.name] = position
        self.keys.append(key(scope))
        self.scopes.append(scope)
        // A linear search is fast, because a batch has few different rules.
        let rule = self.rules.firstIndex { $0 === scope.rules } ?? self.rules.count
        if rule == self.rules.count { self.rules.append(scope.rules) }
        self.ruleOfScope.append(UInt8(rule + 1))
        return position
    }

    /// The first two arguments of each script.
    ///
    /// The first argument contains the different rules. The second argument contains one byte for each record: the position of
    /// the record's rules in the first argument, counted from 1.
    var arguments: [RedisArgument] {
        let sizes = GuardLayout.ruleSizes
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.rules.count * GuardLayout.Rule.size)
        for rules in self.rules {
            for (size, value) in zip(sizes, rules.fields) { bytes.append(value, size: size) }
        }
        return [.bytes(bytes), .bytes(self.ruleOfScope)]
    }
}
