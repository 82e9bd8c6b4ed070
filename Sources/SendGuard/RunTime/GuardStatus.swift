// SPDX-License-Identifier: Apache-2.0

/// The state of a guard at one time: modes, lockdowns, breakers and budgets.
public struct GuardStatus: Sendable, Hashable {
    /// A rule with its mode in the policy and at run time.
    public struct Rule: Sendable, Hashable {
        /// The name.
        public let name: GuardRule.Name

        /// The mode in the policy.
        public let policyMode: GuardMode

        /// The mode that was set at run time; `nil` if none was set.
        public let runTimeMode: GuardMode?

        /// The mode in effect.
        ///
        /// ``GuardMode/challenge`` blocks if the policy has no human check.
        public var mode: GuardMode { self.runTimeMode ?? self.policyMode }
    }

    /// A scope with the states of its rules.
    public struct Scope: Sendable, Hashable {
        /// The kind of the scope.
        public let kind: GuardScope

        /// The name of the scope; empty for the service.
        ///
        /// Depending on ``kind``, the name is a tenant, a tenant with a purpose, a region, or the first digits of a block.
        public let name: String

        /// The states of its rules.
        public let states: [RuleState]
    }

    /// The ledger's time.
    public let time: LedgerTime

    /// The rules of the policy.
    public let rules: [Rule]

    /// The scopes that have a record.
    ///
    /// The kinds of these scopes are service, tenant, purpose, region and block. A block is included only if a rule had a
    /// finding today for a number that differs at most in its last five digits.
    public let scopes: [Scope]
}
