// SPDX-License-Identifier: Apache-2.0

/// One scope of a send, with its name in the ledger and its rules.
public struct ScopeClaim: Sendable, Hashable {
    /// The number of bytes of a scope's name.
    package static let nameLength = 12

    /// The name of the scope: 12 bytes of a keyed hash, so that a ledger contains no phone number and no address.
    ///
    /// Among a billion names, the probability of a collision is 6e-12.
    public let name: [UInt8]

    package let rules: ScopeRules

    /// The rules of the scope.
    public var limits: ScopeLimits { self.rules.limits }

    /// Creates a claim.
    ///
    /// - Parameters:
    ///   - name: 12 bytes of a keyed hash.
    ///   - limits: The rules of the scope.
    public init(name: [UInt8], limits: ScopeLimits) {
        self.init(name: name, rules: ScopeRules(limits))
    }

    package init(name: [UInt8], rules: ScopeRules) {
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
