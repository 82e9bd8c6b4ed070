// SPDX-License-Identifier: Apache-2.0

/// A rule of the guard, as data: what is measured, for which scope, with which numbers, and the effect.
public struct GuardRule: Sendable, Hashable {
    /// The name of a rule: its measure and its scope, such as `unverified-block`.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        /// The quantity that the rule compares.
        public let measure: GuardMeasure

        /// The kind of the scope whose records it reads.
        public let scope: GuardScope

        /// Creates a name.
        ///
        /// - Parameters:
        ///   - measure: The quantity that the rule compares.
        ///   - scope: The kind of the scope.
        public init(_ measure: GuardMeasure, _ scope: GuardScope) {
            self.measure = measure
            self.scope = scope
        }

        /// Finds a name by its text; `nil` if it is not a measure and a scope.
        ///
        /// - Parameter text: A value of ``description``.
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

    /// The numbers of a rule.
    ///
    /// The enumeration is closed, as ``GuardMeasure`` is.
    public enum Threshold: Sendable, Hashable {
        /// No number: a lockdown is on or off.
        case none
        /// The amount a day of a budget: ``GuardPolicy/Budget``, not the rule, holds it.
        case budget
        /// The messages a day without a history, and the factor by which the best recent day adds to them.
        case growth(floor: Int, factor: Int)
        /// A bucket of events.
        case bucket(LeakyBucket.Limits)
        /// The number of regions.
        case regions(Int)
    }

    /// The name: it is unique in a policy.
    public let name: Name

    /// The effect of the rule.
    public var mode: GuardMode

    /// The numbers of the rule.
    public var threshold: Threshold

    /// The purpose of the rule: one sentence for the documentation.
    public let purpose: String

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - mode: The effect of the rule.
    ///   - threshold: The numbers of the rule.
    ///   - purpose: The purpose of the rule: one sentence.
    public init(_ name: Name, _ mode: GuardMode, _ threshold: Threshold, purpose: String) {
        self.name = name
        self.mode = mode
        self.threshold = threshold
        self.purpose = purpose
    }
}
