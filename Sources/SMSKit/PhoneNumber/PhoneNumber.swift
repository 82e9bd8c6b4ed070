// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// A phone number in E.164 form: a plus sign, a calling code, and a national number of a possible length.
///
/// Different spellings of a number, for example with separators or with a domestic prefix such as `0`, yield equal values. A
/// valid number is not necessarily in use.
///
/// The `description` is masked, so it can be logged.
public struct PhoneNumber: Sendable {
    /// The full number: `+` and at most 15 digits.
    ///
    /// The full number is personal data. Never log it.
    public let e164: String

    /// The country or territory of the number; `nil` if the numbering plan assigns none.
    ///
    /// Numbers of satellite and worldwide networks have no region. If several regions share a calling code, such as `+1`,
    /// some numbers of this calling code have no region.
    public let region: Region?

    /// The kind of line that the number reaches.
    public let kind: Kind

    /// Whether the number may be an alternate form of another number, or was written with two trunk prefixes.
    ///
    /// `OTPService` rejects such numbers for two reasons:
    ///
    /// - An alternate form has, for example, surplus digits, or is a Brazilian mobile number without its leading 9. A carrier
    ///   may deliver the message to the usual number, so an attacker could evade the limits of the usual number.
    /// - A number with two trunk prefixes, as in `+49 00…`, may be a foreign number. A trunk prefix, such as `0`, is dialed
    ///   before a national number within a country. Parsing ``e164`` again does not detect this case, because ``e164`` contains
    ///   no trunk prefix.
    public let isAlternateForm: Bool

    private let callingCodeLength: UInt8

    /// Creates a number from its canonical form, or returns `nil` if the text is not in canonical form.
    ///
    /// - Parameters:
    ///   - e164: A value of the property ``e164``: `+` and ASCII digits.
    ///   - plan: The numbering plan.
    public init?(e164: String, plan: NumberingPlan = .published) {
        guard
            e164.utf8.first == UInt8(ascii: "+"),
            let digits = Digits(e164.dropFirst()),
            let reading = try? PhoneNumberReading(international: digits, plan: plan),
            reading.digits == digits
        else { return nil }
        self.init(reading)
    }

    /// Parses a number as people write it.
    ///
    /// Spaces, dashes, dots, brackets and invisible characters are ignored. Decimal digits of every script are accepted. A
    /// slash may follow the area code. A slash may also follow the calling code, unless the ``kind`` of the number is
    /// ``Kind/unknown``.
    ///
    /// - Parameters:
    ///   - text: The text of one phone number.
    ///   - defaultRegion: The region of numbers without a calling code. The international prefix of this region, such as
    ///     `00`, is also accepted. Without a default region, the number must begin with `+` and a calling code.
    ///   - plan: The numbering plan.
    /// - Throws: ``PhoneNumberError``, which contains no digit of the text.
    public init(
        _ text: String,
        defaultRegion: Region? = nil,
        plan: NumberingPlan = .published
    ) throws(PhoneNumberError) {
        self.init(try PhoneNumberParser.read(text, defaultRegion: defaultRegion, plan: plan))
    }

    private init(_ reading: PhoneNumberReading) {
        self.e164 = reading.digits.text(after: "+")
        self.region = reading.region
        self.kind = reading.kind
        self.isAlternateForm = reading.isAlternateForm
        self.callingCodeLength = UInt8(reading.code.length)
    }

    /// The calling code without a plus sign, such as `86`.
    public var callingCode: String { String(self.e164.dropFirst().prefix(Int(self.callingCodeLength))) }

    /// The national number: the digits after the calling code.
    public var nationalNumber: String { String(self.e164.dropFirst(1 + Int(self.callingCodeLength))) }

    /// Returns whether the number belongs to one of the given regions.
    ///
    /// For a number without a region, every region of its calling code must be among the given regions.
    public func belongs(to regions: Set<Region>) -> Bool {
        if let region = self.region { return regions.contains(region) }
        let digits = Digits(self.e164.dropFirst()) ?? Digits()
        guard let code = NumberingTable.shared.callingCode(at: digits), !code.regions.isEmpty else { return false }
        return code.regions.allSatisfy(regions.contains)
    }
}

extension PhoneNumber: Hashable {
    /// Returns whether two numbers have the same digits.
    public static func == (left: Self, right: Self) -> Bool { left.e164 == right.e164 }

    /// Hashes the digits.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.e164) }
}

extension PhoneNumber: Redacted {
    /// The masked number, such as `+44****23`, or `+86138****00` in mainland China.
    public var description: String {
        let shown = self.callingCode == "86" ? 3 : 0
        return "\(self.e164.prefix(1 + self.callingCode.utf8.count + shown))****\(self.e164.suffix(2))"
    }
}
