// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// A phone number in E.164 form: a plus sign, a calling code, and a national number of a possible length.
///
/// Spellings that differ in separators, in a trunk prefix, or in marks around the digits yield equal values: two values are
/// equal if their digits are equal. The numbering plan decides whether a number is possible, and its kind. It does not know
/// whether the number is in use.
///
/// The `description` is masked; ``e164`` is the only way to the digits.
public struct PhoneNumber: Sendable {
    /// The number in full, as `+` and at most 15 digits.
    ///
    /// It is personal data: never log it.
    public let e164: String

    /// The country or territory of the number.
    ///
    /// It is `nil` for networks of no country, and for a number of a shared calling code (such as `+1` or `+44`) that the
    /// numbering plan does not assign to a region.
    public let region: Region?

    /// The kind of line that the number reaches.
    public let kind: Kind

    /// Whether the number looks like another form of a number that has a usual form, or was written with two trunk
    /// prefixes.
    ///
    /// Examples are surplus digits after a complete number, a 0 that no number of the region begins with, and Brazilian
    /// mobile numbers without their 9. A carrier may still deliver to such a number, so limits on the usual form would
    /// not hold. After two trunk prefixes (`+49 00…`) the digits may be a foreign number. `OTPService` rejects both.
    ///
    /// Two trunk prefixes are a property of the text: ``e164`` has none, and a value that is read from it is not marked.
    public let isAlternateForm: Bool

    private let callingCodeLength: UInt8

    /// Creates a number from its canonical form.
    ///
    /// - Parameters:
    ///   - e164: `+` and ASCII digits, as ``e164`` of another value.
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
    /// Spaces, dashes, dots, brackets and invisible characters are dropped, and decimal digits of every script are accepted.
    /// One slash may follow the calling code of a number of a known kind, and another the area code. Without a default region
    /// the number must begin with `+` and a calling code.
    ///
    /// - Parameters:
    ///   - text: One phone number.
    ///   - defaultRegion: The region of national numbers, and of the international prefix before a calling code.
    ///   - plan: The numbering plan.
    /// - Throws: ``PhoneNumberError``, which does not repeat the text.
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

    /// Returns whether the number belongs to one of some regions.
    ///
    /// A number of a shared calling code that the plan assigns to no region belongs to them if all regions of the calling
    /// code are among them.
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
