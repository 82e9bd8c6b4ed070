import StrictJSON

extension FaultSettings: Codable {
    /// The most rules.
    static let maximumRules = 100

    private enum CodingKeys: String, CodingKey {
        case rules, magicNumbers, seed
    }

    /// Reads settings: `{"rules": [{"match": {"to": "+65*"}, "count": 1, "fault": {"kind": "unreachable"}}]}`.
    ///
    /// - Throws: A `DecodingError` that names the field at fault.
    public init(from decoder: any Decoder) throws {
        // What the emulator shows of itself beside the settings can be sent back with them.
        let object = try StrictObject(decoder, fields: ["rules", "magicNumbers", "seed", "struck"])
        let rules = try object.decode([FaultRule].self, "rules") ?? []
        guard rules.count <= Self.maximumRules else {
            throw object.error("rules", "must be at most \(Self.maximumRules)")
        }
        self.init(
            rules,
            usesMagicNumbers: try object.decode(Bool.self, "magicNumbers") ?? true,
            seed: try object.decode(UInt64.self, "seed")
        )
    }

    /// Writes the settings so that they can be read again.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.rules, forKey: .rules)
        try container.encode(self.usesMagicNumbers, forKey: .magicNumbers)
        try container.encodeIfPresent(self.seed, forKey: .seed)
    }

    /// Something that is wrong with settings in JSON.
    public struct InvalidJSON: Error, Sendable, Hashable, CustomStringConvertible {
        /// Where it is and what.
        ///
        /// An example is `rules[2].fault.code is missing`.
        public let description: String
    }

    /// Reads settings from JSON.
    ///
    /// - Parameter json: The JSON text.
    /// - Throws: What is wrong with it, and where.
    public init(json: some Collection<UInt8>) throws(InvalidJSON) {
        try self.init(json: json, noun: "file")
    }

    /// Reads settings from JSON; an error calls the text by the noun.
    init(json: some Collection<UInt8>, noun: String) throws(InvalidJSON) {
        do {
            self = try JSON(parsing: json, rules: .ownFormat).decode(Self.self)
        } catch {
            throw InvalidJSON(description: JSON.reason(error, noun: noun))
        }
    }
}

extension FaultRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case match, nth, count, probability, fault
    }

    /// Reads a rule.
    ///
    /// - Throws: A `DecodingError` that names the field at fault.
    public init(from decoder: any Decoder) throws {
        let object = try StrictObject(decoder, fields: ["match", "nth", "count", "probability", "fault"])
        let probability = try object.decode(Double.self, "probability")
        if let probability, !(0...1).contains(probability) { throw object.error("probability", "must be 0 to 1") }
        self.init(
            try object.require(Fault.self, "fault"),
            for: try object.decode(Match.self, "match") ?? .init(),
            nth: try object.integer("nth", 1...Int.max),
            count: try object.integer("count", 1...Int.max),
            probability: probability
        )
    }

    /// Writes the rule so that it can be read again.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if self.match != .init() { try container.encode(self.match, forKey: .match) }
        try container.encodeIfPresent(self.nth, forKey: .nth)
        try container.encodeIfPresent(self.count, forKey: .count)
        try container.encodeIfPresent(self.probability, forKey: .probability)
        try container.encode(self.fault, forKey: .fault)
    }
}

extension FaultRule.Match: Codable {
    private static let length = 1...200

    /// Reads conditions.
    ///
    /// - Throws: A `DecodingError` that names the field at fault.
    public init(from decoder: any Decoder) throws {
        let object = try StrictObject(decoder, fields: ["to", "action", "text", "template", "from"])
        self.init(
            to: try object.text("to", Self.length),
            action: try object.text("action", Self.length),
            text: try object.text("text", Self.length),
            template: try object.text("template", Self.length),
            from: try object.text("from", Self.length)
        )
    }

    private enum CodingKeys: String, CodingKey {
        case to, action, text, template, from
    }

    /// Writes the conditions so that they can be read again.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.to, forKey: .to)
        try container.encodeIfPresent(self.action, forKey: .action)
        try container.encodeIfPresent(self.text, forKey: .text)
        try container.encodeIfPresent(self.template, forKey: .template)
        try container.encodeIfPresent(self.from, forKey: .from)
    }
}
