// SPDX-License-Identifier: Apache-2.0

/// A fault and the conditions under which it strikes.
public struct FaultRule: Sendable, Hashable {
    /// The conditions for requests and messages, all of which must hold.
    ///
    /// Without conditions a rule matches everything. In a pattern, `*` matches any text.
    public struct Match: Sendable, Hashable {
        /// A pattern of the recipient with its plus sign, such as `+65*`.
        public var to: String?
        /// A pattern of the action, such as `SendMessageToGlobe` or `*Message*`.
        public var action: String?
        /// A pattern of the text.
        public var text: String?
        /// A pattern of the template code.
        public var template: String?
        /// A pattern of the sender ID or the signature.
        public var from: String?

        /// Creates conditions.
        ///
        /// - Parameters:
        ///   - to: A pattern of the recipient.
        ///   - action: A pattern of the action.
        ///   - text: A pattern of the text.
        ///   - template: A pattern of the template code.
        ///   - from: A pattern of the sender ID or the signature.
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

    /// The conditions for requests and messages.
    public var match: Match

    /// The only match that the rule strikes, counted from 1; `nil` strikes every match.
    public var nth: Int?

    /// The maximum number of matches that the rule strikes; `nil` is unlimited.
    public var count: Int?

    /// The probability of striking a match, from 0 to 1; `nil` always strikes.
    public var probability: Double?

    /// The fault.
    public var fault: Fault

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - fault: The fault.
    ///   - match: The conditions for requests and messages.
    ///   - nth: The only match that the rule strikes, counted from 1.
    ///   - count: The maximum number of matches that the rule strikes.
    ///   - probability: The probability of striking a match, from 0 to 1.
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
