// SPDX-License-Identifier: Apache-2.0

/// The rules of a scope, in an object that all claims with these rules share.
///
/// A class, because the rules of a scope take 300 bytes, and each send has seven scopes.
package final class ScopeRules: Sendable {
    /// The rules.
    package let limits: ScopeLimits

    /// The modes and thresholds in the order in which a ledger encodes them.
    package let fields: [Int]

    /// Creates shared rules.
    ///
    /// - Parameter limits: The rules.
    package init(_ limits: ScopeLimits) {
        self.limits = limits
        self.fields = limits.fields
    }

    /// Returns whether two values have the same rules.
    ///
    /// Most comparisons compare an object with itself, because a policy creates its rules once.
    package static func areEqual(_ left: ScopeRules, _ right: ScopeRules) -> Bool {
        left === right || left.fields == right.fields
    }
}
