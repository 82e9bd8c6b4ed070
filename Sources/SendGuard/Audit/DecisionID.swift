// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The name of one decision of a guard: 16 random bytes.
public struct DecisionID: Sendable, Hashable, Codable, CustomStringConvertible {
    private static let size = 16

    /// The name as text: 22 characters of base64url.
    public let description: String

    /// Creates a random name.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Creates a random name.
    ///
    /// - Parameter generator: The source of random bytes.
    public init(using generator: inout some RandomNumberGenerator) {
        let bytes = (0..<Self.size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.description = Base64URL.encode(bytes)
    }

    /// Reads a name from its text; `nil` for any other text.
    ///
    /// - Parameter text: A value of ``description``.
    public init?(_ text: String) {
        guard let bytes = Base64URL.decode(text[...]), bytes.count == Self.size else { return nil }
        self.description = Base64URL.encode(bytes)
    }

    /// Decodes a name from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the name of a decision")
        }
        self = id
    }

    /// Encodes the text of the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
