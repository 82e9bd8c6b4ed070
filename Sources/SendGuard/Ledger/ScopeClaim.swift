// SPDX-License-Identifier: Apache-2.0

/// One scope (``GuardScope``) of a send, with its name in the ledger and its rules.
public struct ScopeClaim: Sendable, Hashable {
    /// The name of the scope in the ledger.
    public let name: ScopeName

    package let rules: ScopeRules

    /// The rules of the scope.
    public var limits: ScopeLimits { self.rules.limits }

    /// Creates a claim.
    ///
    /// - Parameters:
    ///   - name: The name of the scope in the ledger.
    ///   - limits: The rules of the scope.
    public init(name: ScopeName, limits: ScopeLimits) {
        self.init(name: name, rules: ScopeRules(limits))
    }

    package init(name: ScopeName, rules: ScopeRules) {
        self.name = name
        self.rules = rules
    }
}

extension ScopeClaim {
    /// Returns whether two claims have the same name and the same rules.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && ScopeRules.areEqual(left.rules, right.rules)
    }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.name) }
}
