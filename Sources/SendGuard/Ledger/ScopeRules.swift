// SPDX-License-Identifier: Apache-2.0

/// The rules that apply to the sends of a scope.
///
/// A scope (``GuardScope``) is a set of sends with common limits, such as all sends to one region. Several scopes with equal
/// rules can share one instance.
package final class ScopeRules: Sendable {
    /// The rules.
    package let limits: ScopeLimits

    /// The modes and thresholds of the rules as integers, in the order in which a ledger encodes them.
    package let fields: [Int]

    /// Creates the rules of a scope.
    package init(_ limits: ScopeLimits) {
        self.limits = limits
        self.fields = limits.fields
    }

    /// Returns whether two values have the same rules.
    package static func areEqual(_ left: ScopeRules, _ right: ScopeRules) -> Bool {
        left === right || left.fields == right.fields
    }
}
