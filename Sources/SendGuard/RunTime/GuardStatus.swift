// SPDX-License-Identifier: Apache-2.0

/// A snapshot of a guard's state: modes, lockdowns, breakers and budgets.
public struct GuardStatus: Sendable, Hashable {
    /// A rule, with its mode in the policy and its mode at run time.
    public struct Rule: Sendable, Hashable {
        /// The name of the rule.
        public let name: GuardRule.Name

        /// The mode in the policy.
        public let policyMode: GuardMode

        /// The mode that an operator set at run time; `nil` if no mode was set.
        public let runTimeMode: GuardMode?

        /// The mode in effect.
        ///
        /// If the policy has no human check, ``GuardMode/challenge`` has the effect of ``GuardMode/block``.
        public var mode: GuardMode { self.runTimeMode ?? self.policyMode }
    }

    /// A scope with the states of its rules.
    public struct Scope: Sendable, Hashable {
        /// The kind of the scope.
        public let kind: GuardScope

        /// The name of the scope; empty for the service.
        ///
        /// Depending on ``kind``, the name is a tenant, a tenant with a purpose, a region, or the leading digits of a number
        /// block.
        public let name: String

        /// The states of the rules of the scope.
        public let states: [RuleState]
    }

    /// The ledger's time.
    public let time: LedgerTime

    /// The rules of the policy.
    public let rules: [Rule]

    /// The scopes that have a record in the ledger.
    ///
    /// The list contains no sources (client addresses) and no networks. A region is listed only if the policy or today's report
    /// (``ReportDay``) names it. For number blocks, the report counts the findings (``GuardFinding``) in groups of 100,000
    /// phone numbers. A number block is listed only if it belongs to one of the 50 groups with the most findings today.
    public let scopes: [Scope]
}
