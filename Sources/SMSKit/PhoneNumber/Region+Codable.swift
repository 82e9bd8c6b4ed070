// SPDX-License-Identifier: Apache-2.0

/// Encodes a region as its code, such as `CN`.
extension Region: Codable {
    /// Decodes a region from its code.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` if no region has the code.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let region = Region(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no region has this code")
        }
        self = region
    }

    /// Encodes the code of the region.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: The encoder's error.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.code)
    }
}
