// SPDX-License-Identifier: Apache-2.0

/// A rule of the guard, with its measure, scope, threshold and mode.
public struct GuardRule: Sendable, Hashable {
    /// The name of a rule, which consists of its measure and its scope, such as `unverified-block`.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        /// The quantity that the rule compares with its threshold.
        public let measure: GuardMeasure

        /// The kind of scope whose records the rule reads.
        public let scope: GuardScope

        /// Creates a name.
        ///
        /// - Parameters:
        ///   - measure: The quantity that the rule compares with its threshold.
        ///   - scope: The kind of scope whose records the rule reads.
        public init(_ measure: GuardMeasure, _ scope: GuardScope) {
            self.measure = measure
            self.scope = scope
        }

        /// Parses a name.
        ///
        /// Returns `nil` if the text does not consist of a measure, a hyphen and a scope.
        ///
        /// - Parameter text: A text in the form of ``description``, such as `unverified-block`.
        public init?(_ text: String) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, let measure = GuardMeasure.allCases.first(where: { $0.description == parts[0] }),
                let scope = GuardScope.allCases.first(where: { $0.description == parts[1] })
            else { return nil }
            self.init(measure, scope)
        }

        /// The measure and the scope, such as `unverified-block`.
        public var description: String { "\(self.measure)-\(self.scope)" }
    }

    /// The threshold of a rule.
    ///
    /// No cases will be added.
    public enum Threshold: Sendable, Hashable {
        /// No threshold: the rule is a lockdown, which is either on or off.
        case none
        /// The daily maximum in the ``GuardPolicy/Budget`` of the scope.
        case budget
        /// A growth limit: the maximum number of messages per day is `floor + factor * peak`. The peak is the number of
        /// verified sends on the best recent day (``ScopeRecord/peak``).
        case growth(floor: Int, factor: Int)
        /// The limits of a leaky bucket.
        case bucket(LeakyBucket.Limits)
        /// The maximum number of regions that may receive messages between two verified sends.
        case regions(Int)
    }

    /// The name of the rule, which is unique in a policy.
    public let name: Name

    /// The effect of the rule on a send that reaches the threshold.
    public var mode: GuardMode

    /// The threshold of the rule.
    public var threshold: Threshold

    /// The purpose of the rule, as one sentence for the documentation.
    public let purpose: String

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - mode: The effect of the rule.
    ///   - threshold: The threshold of the rule.
    ///   - purpose: The purpose of the rule, as one sentence.
    public init(_ name: Name, _ mode: GuardMode, _ threshold: Threshold, purpose: String) {
        self.name = name
        self.mode = mode
        self.threshold = threshold
        self.purpose = purpose
    }
}
