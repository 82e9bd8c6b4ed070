// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The gateway's data about a phone number.
///
/// The gateway may omit any field.
public struct NumberDetail: Sendable, Hashable, Codable {
    /// The country of the number.
    public var country: String?

    /// The region within the country.
    public var region: String?

    /// The carrier of the number.
    public var carrier: String?

    /// The remaining fields of the gateway's data, keyed by name.
    ///
    /// Strings are unchanged, and other values are JSON text.
    public var otherFields: [String: String]

    /// Creates the data of a phone number.
    ///
    /// - Parameters:
    ///   - country: The country of the number.
    ///   - region: The region within the country.
    ///   - carrier: The carrier of the number.
    ///   - otherFields: The remaining fields of the gateway's data, keyed by name.
    public init(
        country: String? = nil,
        region: String? = nil,
        carrier: String? = nil,
        otherFields: [String: String] = [:]
    ) {
        self.country = country
        self.region = region
        self.carrier = carrier
        self.otherFields = otherFields
    }

    init(_ fields: ResponseFields) {
        var fields = fields
        self.country = fields.takeText("Country")
        self.region = fields.takeText("Region")
        self.carrier = fields.takeText("Carrier")
        self.otherFields = fields.texts
    }
}

extension NumberDetail: Redacted {
    /// The name of the type, without the fields, which may quote the phone number.
    public var description: String { "NumberDetail" }
}
