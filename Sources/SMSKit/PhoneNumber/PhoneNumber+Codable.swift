// SPDX-License-Identifier: Apache-2.0

extension CodingUserInfoKey {
    /// The key of the ``NumberingPlan`` by which a decoder reads phone numbers; without it the published plan is used.
    ///
    /// The force unwrap never traps, because every raw value is accepted.
    public static let numberingPlan = CodingUserInfoKey(rawValue: "swift-otp.numberingPlan")!
}

/// A phone number is encoded as its E.164 text.
extension PhoneNumber: Codable {
    /// Decodes a number from its E.164 text.
    ///
    /// - Parameter decoder: The decoder, whose ``Swift/CodingUserInfoKey/numberingPlan`` names a plan with additions.
    /// - Throws: A `DecodingError` if the text is not a number of the plan in canonical form. It does not quote the text.
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
