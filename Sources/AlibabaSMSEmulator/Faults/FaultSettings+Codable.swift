// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension FaultSettings: Codable {
    /// The maximum number of rules.
    static let maximumRules = 100

    private enum CodingKeys: String, CodingKey {
        case rules, magicNumbers, seed
    }

    /// Decodes settings such as `{"rules": [{"match": {"to": "+65*"}, "count": 1, "fault": {"kind": "unreachable"}}]}`.
    ///
    /// - Throws: A `DecodingError` that names the invalid member.
    public init(from decoder: any Decoder) throws {
        // `struck` is accepted and ignored, so that clients can send back a response of the fault API.
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

    /// Encodes the settings in the format of ``init(from:)``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.rules, forKey: .rules)
        try container.encode(self.usesMagicNumbers, forKey: .magicNumbers)
        try container.encodeIfPresent(self.seed, forKey: .seed)
    }

    /// The error for JSON that does not contain valid fault settings.
    public struct InvalidJSON: Error, Sendable, Hashable, CustomStringConvertible {
        /// The path of the invalid member and the reason, for example `rules[2].fault.code is missing`.
        public let description: String

        /// Creates an error.
        ///
        /// - Parameter description: The path of the invalid member and the reason.
        public init(description: String) {
            self.description = description
        }
    }

    /// Parses settings.
    ///
    /// - Parameter json: The JSON text.
    /// - Throws: An ``InvalidJSON`` error for the first invalid member.
    public init(json: some Collection<UInt8>) throws(InvalidJSON) {
        try self.init(json: json, noun: "file")
    }

    /// Parses settings from a file or a request body.
    ///
    /// - Parameters:
    ///   - json: The JSON text.
    ///   - noun: The word for the text in error messages, such as `file`.
    /// - Throws: An ``InvalidJSON`` error for the first invalid member.
    init(json: some Collection<UInt8>, noun: String) throws(InvalidJSON) {
        do {
            self = try JSON(parsing: json, rules: .ownFormat).decode(Self.self)
        } catch {
            throw InvalidJSON(description: JSON.reason(error, noun: noun))
        }
    }
}
