// SPDX-License-Identifier: Apache-2.0

/// The modes, such as `monitor`, that operators have set for rules at run time.
///
/// Run-time modes override the modes of the policy in every process that uses the ledger.
public struct GuardModes: Sendable, Hashable {
    /// The number of seconds for which a ledger keeps the modes after the last change.
    package static let lifetime = 365 * LedgerTime.secondsPerDay

    /// The version, which increases with each change; 0 if no mode was ever set.
    ///
    /// A process sends the version of its modes with each ``SendClaim``. The ledger's reply contains the modes only if the
    /// ledger has another version.
    public private(set) var version: Int

    /// The run-time modes, keyed by the name of the rule.
    ///
    /// A rule without a run-time mode has the mode of the policy.
    public private(set) var overrides: [GuardRule.Name: GuardMode]

    /// Creates modes.
    ///
    /// - Parameters:
    ///   - version: The version: 0 to 4,294,967,295.
    ///   - overrides: The modes, keyed by the name of the rule.
    public init(version: Int = 0, overrides: [GuardRule.Name: GuardMode] = [:]) {
        self.version = version
        self.overrides = overrides
    }

    /// Sets the mode of a rule, and increases the version.
    ///
    /// The new version is at least the ledger's time in seconds. A ledger that has lost its data therefore does not reuse an
    /// earlier version.
    ///
    /// - Parameters:
    ///   - mode: The mode; `nil` for the mode of the policy.
    ///   - rule: The rule.
    ///   - now: The ledger's time.
    public mutating func set(_ mode: GuardMode?, of rule: GuardRule.Name, at now: LedgerTime) {
        self.overrides[rule] = mode
        self.version = max(self.version + 1, now.seconds)
    }
}

extension GuardPolicy {
    /// Returns the policy with the modes that were set at run time.
    ///
    /// - Parameter modes: The modes. Modes of rules that are not in the policy are ignored.
    /// - Returns: The policy.
    public func applying(_ modes: GuardModes) -> GuardPolicy {
        var policy = self
        for position in policy.rules.indices {
            policy.rules[position].mode = modes.overrides[policy.rules[position].name] ?? policy.rules[position].mode
        }
        return policy
    }
}
