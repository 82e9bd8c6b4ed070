// SPDX-License-Identifier: Apache-2.0

extension CodingUserInfoKey {
    /// The user-info key under which a decoder finds the ``NumberingPlan`` for phone numbers.
    ///
    /// Without a value for the key, phone numbers are decoded with ``NumberingPlan/published``. The force unwrap never traps,
    /// because `CodingUserInfoKey` accepts every raw value.
    public static let numberingPlan = CodingUserInfoKey(rawValue: "swift-otp.numberingPlan")!
}

/// Encodes a phone number as its E.164 text.
extension PhoneNumber: Codable {
    /// Decodes a number from its E.164 text.
    ///
    /// - Parameter decoder: The decoder. Its user info can contain a plan under ``Swift/CodingUserInfoKey/numberingPlan``.
    /// - Throws: A `DecodingError` if the text is not a valid number in canonical form. The error does not quote the text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let plan = decoder.userInfo[.numberingPlan] as? NumberingPlan ?? .published
        guard let number = PhoneNumber(e164: try container.decode(String.self), plan: plan) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "the text is not a phone number in E.164 form"
            )
        }
        self = number
    }

    /// Encodes the E.164 text.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: The encoder's error.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.e164)
    }
}
