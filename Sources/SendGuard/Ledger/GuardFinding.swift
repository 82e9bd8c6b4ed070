// SPDX-License-Identifier: Apache-2.0

/// The result of one rule for a send, with the measured value and the threshold.
public struct GuardFinding: Sendable, Hashable, CustomStringConvertible {
    /// The effect of a finding on the send.
    ///
    /// The cases are ordered by strictness. No cases will be added.
    public enum Effect: UInt8, Sendable, Hashable, Comparable, CaseIterable {
        /// The rule admits the send, and the send reaches 50, 80 or 100 % of a budget.
        case alert = 1
        /// The send reaches the threshold of a rule with the mode ``GuardMode/monitor``, which never refuses sends.
        case monitor = 2
        /// The send is refused until the user has passed a human check.
        case challenge = 3
        /// The send is refused, but the caller responds as if the message had been sent.
        case shadow = 4
        /// The send is refused.
        case block = 5

        /// Whether the effect refuses the send.
        ///
        /// The ledger does not count a refused send.
        public var refuses: Bool { self > .monitor }

        /// Returns whether the left effect is weaker than the right effect.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// Creates the effect of a rule from the mode of the rule and the level of trust in the request.
        ///
        /// If the user has already passed a human check, the request is blocked instead of challenged again.
        init(_ mode: GuardMode, _ standing: SendStanding) {
            switch mode {
            case .off, .monitor: self = .monitor
            case .challenge: self = standing == .checked ? .block : .challenge
            case .shadow: self = .shadow
            case .block: self = .block
            }
        }
    }

    /// The name of the rule.
    public let rule: GuardRule.Name

    /// The effect on the send.
    public let effect: Effect

    /// The measured value.
    ///
    /// The value includes this send if the measure is ``GuardMeasure/messages``, ``GuardMeasure/money``,
    /// ``GuardMeasure/growth`` or ``GuardMeasure/destinations``.
    public let measured: Int

    /// The threshold of the rule; 0 for a lockdown.
    public let threshold: Int

    /// The number of seconds until the rule would admit this send; 0 for a budget alert.
    ///
    /// The number assumes that no further sends, verified sends or failed attempts are counted.
    public let wait: Int

    /// Creates a finding.
    ///
    /// - Parameters:
    ///   - rule: The name of the rule.
    ///   - effect: The effect on the send.
    ///   - measured: The measured value.
    ///   - threshold: The threshold.
    ///   - wait: The number of seconds until the rule would admit the send.
    public init(_ rule: GuardRule.Name, _ effect: Effect, measured: Int, threshold: Int, wait: Int) {
        self.rule = rule
        self.effect = effect
        self.measured = measured
        self.threshold = threshold
        self.wait = wait
    }

    init(
        _ scope: GuardScope,
        _ measure: GuardMeasure,
        _ effect: Effect,
        measured: Int,
        threshold: Int,
        wait: Int
    ) {
        self.init(GuardRule.Name(measure, scope), effect, measured: measured, threshold: threshold, wait: wait)
    }

    /// The percentages of a budget that raise an alert.
    package static let alertPercentages = [50, 80, 100]

    /// Returns whether an increase from `before` to `after` reaches one of the ``alertPercentages`` of a budget.
    static func alerts(before: Int, after: Int, of threshold: Int) -> Bool {
        self.alertPercentages.contains { before * 100 < $0 * threshold && after * 100 >= $0 * threshold }
    }

    /// A text with the rule, the effect, the measured value, the threshold and the wait.
    public var description: String {
        "\(self.rule): \(self.effect), \(self.measured) of \(self.threshold), frees in \(self.wait) s"
    }
}
