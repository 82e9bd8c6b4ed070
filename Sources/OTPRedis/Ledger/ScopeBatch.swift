// SPDX-License-Identifier: Apache-2.0

import Hiredis
import SendGuard

/// The records of one call of a script, each with its key and its rules.
struct ScopeBatch: Sendable {
    /// The keys of the records.
    private(set) var keys: [String] = []
    private var scopes: [ScopeClaim] = []
    private var positions: [[UInt8]: UInt8] = [:]
    private var rules: [ScopeRules] = []
    private var ruleOfScope: [UInt8] = []

    /// Returns whether the batch has room for more scopes.
    ///
    /// The result is also `false` if the batch contains one of these scopes with other rules. The rules of a scope can differ
    /// for a moment after a mode was changed at run time.
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

    /// Returns the position of the record of a scope, and adds the record if it is missing.
    ///
    /// - Parameters:
    ///   - scope: The scope.
    ///   - key: A closure that returns the key of a scope.
    /// - Returns: The position, beginning with 1.
    @discardableResult
    mutating func position(of scope: ScopeClaim, key: (ScopeClaim) -> String) -> UInt8 {
        if let position = self.positions[scope.name] { return position }
        let position = UInt8(self.keys.count + 1)
        self.positions[scope.name] = position
        self.keys.append(key(scope))
        self.scopes.append(scope)
        // There are few rules, and almost all of them are the same object.
        let rule = self.rules.firstIndex { $0 === scope.rules } ?? self.rules.count
        if rule == self.rules.count { self.rules.append(scope.rules) }
        self.ruleOfScope.append(UInt8(rule + 1))
        return position
    }

    /// The first two arguments of each script: the different rules, and the position of the rules of each record.
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
