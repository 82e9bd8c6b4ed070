/// When something goes wrong, and what.
public struct FaultRule: Sendable, Hashable {
    /// Which requests and messages a rule is for: all conditions must hold, and none is for everything.
    ///
    /// In a pattern `*` stands for any text.
    public struct Match: Sendable, Hashable {
        /// A pattern of the recipient with its plus sign, such as `+65*`.
        public var to: String?
        /// A pattern of the action, such as `SendMessageToGlobe` or `*Message*`.
        public var action: String?
        /// A pattern of the text.
        public var text: String?
        /// A pattern of the template's code.
        public var template: String?
        /// A pattern of the sender ID or the signature.
        public var from: String?

        /// Creates conditions.
        ///
        /// - Parameters:
        ///   - to: A pattern of the recipient.
        ///   - action: A pattern of the action.
        ///   - text: A pattern of the text.
        ///   - template: A pattern of the template's code.
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

    /// Which requests and messages the rule is for.
    public var match: Match

    /// Which of those it strikes only, counted from 1.
    public var nth: Int?

    /// How many of those it strikes at most.
    public var count: Int?

    /// With which probability it strikes each of those, from 0 to 1.
    public var probability: Double?

    /// What goes wrong.
    public var fault: Fault

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - match: Which requests and messages the rule is for.
    ///   - nth: Which of those it strikes only, counted from 1.
    ///   - count: How many of those it strikes at most.
    ///   - probability: With which probability it strikes each of those.
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

/// All that may go wrong.
public struct FaultSettings: Sendable, Hashable {
    /// The rules; of those that fit the first one strikes the request, and the first one each message.
    public var rules: [FaultRule]

    /// Whether certain numbers have faults of their own, which are used where no rule strikes.
    ///
    /// See ``MagicNumbers``.
    public var usesMagicNumbers: Bool

    /// Where the chances of the rules start, so that they fall alike again; `nil` is anywhere.
    public var seed: UInt64?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - rules: The rules.
    ///   - usesMagicNumbers: Whether certain numbers have faults of their own.
    ///   - seed: Where the chances of the rules start.
    public init(_ rules: [FaultRule] = [], usesMagicNumbers: Bool = true, seed: UInt64? = nil) {
        self.rules = rules
        self.usesMagicNumbers = usesMagicNumbers
        self.seed = seed
    }
}
