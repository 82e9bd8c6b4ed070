// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The ID of one decision of a guard: 16 random bytes.
public struct DecisionID: Sendable, Hashable, Codable, CustomStringConvertible {
    private static let size = 16

    private let high: UInt64
    private let low: UInt64

    /// The ID as text: 22 characters of base64url.
    public var description: String {
        Base64URL.encode(
            [self.high, self.low]
                .flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } }
        )
    }

    /// Creates a random ID.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    /// Creates a random ID.
    ///
    /// - Parameter generator: The source of random bytes.
    public init(using generator: inout some RandomNumberGenerator) {
        // Two numbers are drawn instead of 16 bytes, because each call of the system's generator is a system call.
        self.high = generator.next()
        self.low = generator.next()
    }

    /// Parses the text of an ID; returns `nil` if the text is not an ID.
    ///
    /// - Parameter text: A value of ``description``.
    public init?(_ text: String) {
        guard let bytes = Base64URL.decode(text[...]), bytes.count == Self.size else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.high = number(bytes.prefix(Self.size / 2))
        self.low = number(bytes.suffix(Self.size / 2))
    }

    /// Decodes an ID from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the ID of a decision")
        }
        self = id
    }

    /// Encodes the text of the ID.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
