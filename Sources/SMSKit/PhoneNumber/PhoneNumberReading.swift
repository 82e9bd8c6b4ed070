// SPDX-License-Identifier: Apache-2.0

/// A parsed number in canonical form, with its region and kind from the numbering plan.
struct PhoneNumberReading: Sendable {
    /// The maximum number of digits of an E.164 number.
    private static let longest = 15

    let code: CallingCode
    let national: Digits
    let region: Region?
    let kind: PhoneNumber.Kind
    let isAlternateForm: Bool

    /// Whether the number was written with two trunk prefixes, as in `+49 00…`.
    ///
    /// A trunk prefix, such as `0`, is dialed before a national number within the country. Two trunk prefixes may instead be an
    /// international prefix before a foreign number, as in `+49 00 1 718…`.
    let hasRepeatedPrefix: Bool

    /// A national number in canonical form, with the matching addition and the number of removed prefixes.
    private struct Canonical {
        var national: Digits
        var addition: NumberingPlan.Addition?
        var prefixes: Int
    }

    /// The calling code and the national number.
    var digits: Digits { Digits(self.code.number).followed(by: self.national) }

    /// Parses the digits that follow a plus sign.
    init(international digits: Digits, plan: NumberingPlan) throws(PhoneNumberError) {
        guard let code = NumberingTable.shared.callingCode(at: digits) else {
            guard digits.count > 3 else { throw PhoneNumberError(.tooShort, "the number is too short for any region") }
            throw PhoneNumberError(.unknownCallingCode, "no country has this calling code")
        }
        try self.init(national: digits.from(code.length), in: code, plan: plan)
    }

    /// Parses a national number, with or without its trunk prefix, such as `0`.
    init(national typed: Digits, in code: CallingCode, plan: NumberingPlan) throws(PhoneNumberError) {
        let canonical = try Self.canonical(typed, in: code, plan)
        let national = canonical.national
        let entry = NumberingTable.shared.entry(of: national, in: code)
        let isMarked: Bool
        if let addition = canonical.addition {
            self.region = addition.region
            self.kind = addition.kind ?? entry.kind
            isMarked = AlternateForm.contains(national, in: code, entry, addition)
        } else {
            self.region = entry.region
            self.kind = entry.kind
            isMarked = AlternateForm.contains(national, in: code, entry)
        }
        self.code = code
        self.national = national
        self.hasRepeatedPrefix = canonical.prefixes > 1
        self.isAlternateForm = isMarked || canonical.prefixes > 1
    }

    /// Returns the canonical form of a national number.
    ///
    /// Parsing the canonical form again yields the same form. Otherwise one telephone could have several E.164 forms with
    /// separate limits.
    private static func canonical(
        _ typed: Digits,
        in code: CallingCode,
        _ plan: NumberingPlan
    ) throws(PhoneNumberError) -> Canonical {
        var national = typed
        for prefixes in 0..<Digits.capacity {
            let usual = Self.usual(national, in: code, plan)
            // If the prefix of an addition includes the trunk prefix, the trunk prefix is part of the number.
            if let addition = plan.addition(for: national, in: code, naming: Self.replaced(national, usual)) {
                return Canonical(national: national, addition: addition, prefixes: prefixes)
            }
            // As in libphonenumber, the length is not checked until the first trunk prefix has been removed.
            if prefixes > 0 || usual == national { try Self.checkLength(of: national, in: code) }
            if usual == national { return Canonical(national: national, addition: nil, prefixes: prefixes) }
            national = usual
        }
        throw PhoneNumberError(.invalidNationalNumber, "the trunk prefix occurs too often")
    }

    private static func checkLength(of national: Digits, in code: CallingCode) throws(PhoneNumberError) {
        guard code.hasLength(national.count) else { throw PhoneNumberError(length: national.count, in: code) }
        guard code.length + national.count <= Self.longest else {
            throw PhoneNumberError(.tooLong, "a phone number has at most 15 digits with its calling code")
        }
    }

    /// Returns a national number in its usual form, without its trunk prefix, such as `0`.
    private static func usual(_ national: Digits, in code: CallingCode, _ plan: NumberingPlan) -> Digits {
        AlternateForm.usual(NumberingTable.shared.withoutTrunkPrefix(national, in: code, plan), in: code)
    }

    /// Returns the number of leading digits that the usual form omits or replaces.
    private static func replaced(_ national: Digits, _ usual: Digits) -> Int {
        guard national != usual else { return 0 }
        let shorter = min(national.count, usual.count)
        let kept = (0..<shorter).prefix { national[national.count - 1 - $0] == usual[usual.count - 1 - $0] }.count
        // If the usual form only adds an area code, no digit is replaced. The prefix of the addition must still have at least
        // one digit.
        return max(1, national.count - kept)
    }
}
