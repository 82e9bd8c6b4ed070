// SPDX-License-Identifier: Apache-2.0

extension FaultRule: Codable {
    private enum CodingKeys: String, CodingKey {
        case match, nth, count, probability, fault
    }

    /// Decodes a rule.
    ///
    /// - Throws: A `DecodingError` that names the invalid member.
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

    /// Encodes the rule in the format of ``init(from:)``.
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

    /// Decodes conditions.
    ///
    /// - Throws: A `DecodingError` that names the invalid member.
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

    /// Encodes the conditions in the format of ``init(from:)``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(self.to, forKey: .to)
        try container.encodeIfPresent(self.action, forKey: .action)
        try container.encodeIfPresent(self.text, forKey: .text)
        try container.encodeIfPresent(self.template, forKey: .template)
        try container.encodeIfPresent(self.from, forKey: .from)
    }
}
