// SPDX-License-Identifier: Apache-2.0

/// The rules of a scope, in an object that all claims with these rules share.
///
/// A class, because each send has seven claims, and the rules of each claim take 300 bytes.
package final class ScopeRules: Sendable {
    /// The rules.
    package let limits: ScopeLimits

    /// The modes and thresholds in the order in which a ledger packs them.
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
    /// Almost all comparisons are of a value with itself, because a policy creates its rules once.
    package static func areEqual(_ left: ScopeRules, _ right: ScopeRules) -> Bool {
        left === right || left.fields == right.fields
    }
}
