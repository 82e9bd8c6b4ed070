// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Redaction
public import SMSKit

/// A fictitious number with a fixed code, for automated tests and for the review of an app.
///
/// Only a policy with the profile ``OTPPolicy/Profile/test`` may list test numbers. A service sends no messages to a test
/// number. Anyone who knows the code can verify the test number. The records of a test number in the store are separate, so
/// they never affect a real number with the same digits.
public struct TestNumber: Sendable, Hashable {
    /// The number.
    ///
    /// Choose a number that is reserved for fiction, such as `+44 7700 900123` or `+1 201 555 0123`.
    public var number: PhoneNumber

    /// The fixed code, in the format of the policy (``OTPPolicy/format``).
    public var code: String

    /// The time from which the number is refused.
    public var end: Date

    /// Creates a test number.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - code: The fixed code, in the format of the policy (``OTPPolicy/format``).
    ///   - end: The time from which the number is refused.
    public init(_ number: PhoneNumber, code: String, until end: Date) {
        self.number = number
        self.code = code
        self.end = end
    }
}

extension TestNumber: Redacted {
    /// The masked number.
    ///
    /// The code is never shown.
    public var description: String { "TestNumber(\(self.number))" }
}

extension TestNumber: Codable {
    private enum CodingKeys: CodingKey { case number, code, end }

    /// Decodes a test number.
    ///
    /// The value of `end` is the number of seconds since 1970-01-01 00:00:00 UTC.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` if a value is missing or malformed.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(PhoneNumber.self, forKey: .number),
            code: try container.decode(String.self, forKey: .code),
            until: Date(timeIntervalSince1970: try container.decode(Double.self, forKey: .end))
        )
    }

    /// Encodes the test number, including its code.
    ///
    /// - Parameter encoder: The encoder.
    /// - Throws: The encoder's error.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.number, forKey: .number)
        try container.encode(self.code, forKey: .code)
        try container.encode(self.end.timeIntervalSince1970, forKey: .end)
    }
}
