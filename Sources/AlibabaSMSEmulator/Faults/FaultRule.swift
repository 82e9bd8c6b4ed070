// SPDX-License-Identifier: Apache-2.0

/// A fault and the conditions under which it applies.
public struct FaultRule: Sendable, Hashable {
    /// The conditions of a rule, which must all be met.
    ///
    /// A rule without conditions matches everything. In a pattern, `*` matches any text.
    public struct Match: Sendable, Hashable {
        /// A pattern for the recipient, including its plus sign, such as `+65*`.
        public var to: String?
        /// A pattern for the action, such as `SendMessageToGlobe` or `*Message*`.
        public var action: String?
        /// A pattern for the text.
        public var text: String?
        /// A pattern for the template code.
        public var template: String?
        /// A pattern for the sender ID or the signature.
        public var from: String?

        /// Creates conditions.
        ///
        /// - Parameters:
        ///   - to: A pattern for the recipient, including its plus sign.
        ///   - action: A pattern for the action.
        ///   - text: A pattern for the text.
        ///   - template: A pattern for the template code.
        ///   - from: A pattern for the sender ID or the signature.
        public init(
            to: String? = nil,
            action: String? = nil,
            text: String? = nil,
            template: String? = nil,
            from: String? = nil
        ) {
            self.to = to
            self.action = action
            self.text = text
            self.template = template
            self.from = from
        }
    }

    /// The conditions on requests and messages.
    public var match: Match

    /// The position, from 1, of the only match to which the rule applies; `nil` applies the rule to every match.
    ///
    /// For example, 3 applies the rule only to the third match.
    public var nth: Int?

    /// The maximum number of matches to which the rule applies; `nil` is unlimited.
    public var count: Int?

    /// The probability, from 0 to 1, that the rule applies to a match; `nil` always applies the rule.
    public var probability: Double?

    /// The fault that the rule injects.
    public var fault: Fault

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - fault: The fault that the rule injects.
    ///   - match: The conditions on requests and messages.
    ///   - nth: The position, from 1, of the only match to which the rule applies; `nil` applies the rule to every match.
    ///   - count: The maximum number of matches to which the rule applies; `nil` is unlimited.
    ///   - probability: The probability, from 0 to 1, that the rule applies to a match; `nil` always applies the rule.
    public init(
        _ fault: Fault,
        for match: Match = .init(),
        nth: Int? = nil,
        count: Int? = nil,
        probability: Double? = nil
    ) {
        self.fault = fault
        self.match = match
        self.nth = nth
        self.count = count
        self.probability = probability
    }
}
