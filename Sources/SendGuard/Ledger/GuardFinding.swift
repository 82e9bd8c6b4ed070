// SPDX-License-Identifier: Apache-2.0

/// What one rule found about a send: the rule, the measured value, the threshold, and when it frees.
public struct GuardFinding: Sendable, Hashable, CustomStringConvertible {
    /// The effect of a finding on the send.
    ///
    /// The enumeration is closed, and ordered by strictness.
    public enum Effect: UInt8, Sendable, Hashable, Comparable, CaseIterable {
        /// A budget reached 50, 80 or 100 % with this send, which goes out.
        case alert = 1
        /// The rule only watches, and the send goes out.
        case monitor = 2
        /// A human check is required.
        case challenge = 3
        /// The caller answers as if the message had been sent.
        case shadow = 4
        /// The send is refused.
        case block = 5

        /// Whether the ledger counts nothing, because the message is not sent.
        public var refuses: Bool { self > .monitor }

        /// Returns whether one effect is weaker than another.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        /// The effect of a rule's mode: a request that has passed a human check is not challenged again.
        init(_ mode: GuardMode, _ standing: SendStanding) {
            switch mode {
            case .off, .monitor: self = .monitor
            case .challenge: self = standing == .checked ? .block : .challenge
            case .shadow: self = .shadow
            case .block: self = .block
            }
        }
    }

    /// The rule.
    public let rule: GuardRule.Name

    /// The effect on the send.
    public let effect: Effect

    /// The measured value, the send included where the rule counts it.
    public let measured: Int

    /// The threshold that the value reached; 0 for a lockdown.
    public let threshold: Int

    /// The seconds until the rule admits such a send, if nothing else happens; 0 if it admitted this one.
    public let wait: Int

    /// Creates a finding.
    ///
    /// - Parameters:
    ///   - rule: The rule.
    ///   - effect: The effect on the send.
    ///   - measured: The measured value.
    ///   - threshold: The threshold.
    ///   - wait: The seconds until the rule admits such a send.
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

    /// The percentages of a budget at which an alert is raised.
    package static let alertPercentages = [50, 80, 100]

    /// Returns whether a sum reaches one of the percentages of a budget.
    static func alerts(before: Int, after: Int, of threshold: Int) -> Bool {
        self.alertPercentages.contains { before * 100 < $0 * threshold && after * 100 >= $0 * threshold }
    }

    /// The rule, the effect and the numbers.
    public var description: String {
        "\(self.rule): \(self.effect), \(self.measured) of \(self.threshold), frees in \(self.wait) s"
    }
}
