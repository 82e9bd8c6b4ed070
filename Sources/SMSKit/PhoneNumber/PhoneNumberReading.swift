// SPDX-License-Identifier: Apache-2.0

/// A number in its canonical form, with the facts that the numbering plan has of it.
struct PhoneNumberReading: Sendable {
    /// The most digits of an E.164 number.
    private static let longest = 15

    let code: CallingCode
    let national: Digits
    let region: Region?
    let kind: PhoneNumber.Kind
    let isAlternateForm: Bool

    /// Whether a second trunk prefix followed the first one.
    ///
    /// The digits after two trunk prefixes can also be a foreign number with its international prefix: `+49 00 1 718…`.
    let hasRepeatedPrefix: Bool

    /// A national number in canonical form, the addition that holds for it, and the number of removed trunk prefixes.
    private struct Canonical {
        var national: Digits
        var addition: NumberingPlan.Addition?
        var prefixes: Int
    }

    /// The calling code and the national number.
    var digits: Digits { Digits(self.code.number).followed(by: self.national) }

    /// Reads the digits that follow a plus sign.
    init(international digits: Digits, plan: NumberingPlan) throws(PhoneNumberError) {
        guard let code = NumberingTable.shared.callingCode(at: digits) else {
            guard digits.count > 3 else { throw PhoneNumberError(.tooShort, "the number is too short for any region") }
            throw PhoneNumberError(.unknownCallingCode, "no country has this calling code")
        }
        try self.init(national: digits.from(code.length), in: code, plan: plan)
    }

    /// Reads a national number, with or without its trunk prefix.
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

    /// Finds the canonical form of a national number.
    ///
    /// The canonical form is a fixed point: reading it again changes nothing. Otherwise one telephone would have several
    /// E.164 forms with limits of their own.
    private static func canonical(
        _ typed: Digits,
        in code: CallingCode,
        _ plan: NumberingPlan
    ) throws(PhoneNumberError) -> Canonical {
        var national = typed
        for prefixes in 0..<Digits.capacity {
            let usual = Self.usual(national, in: code, plan)
            // An addition that names the digits of a trunk prefix makes them a part of the number.
            if let addition = plan.addition(for: national, in: code, naming: Self.replaced(national, usual)) {
                return Canonical(national: national, addition: addition, prefixes: prefixes)
            }
            // The length counts from the first trunk prefix on, as in libphonenumber.
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

    /// Returns a national number without its trunk prefix, in its usual form.
    private static func usual(_ national: Digits, in code: CallingCode, _ plan: NumberingPlan) -> Digits {
        AlternateForm.usual(NumberingTable.shared.withoutTrunkPrefix(national, in: code, plan), in: code)
    }

    /// Returns the number of first digits that the usual form of a number leaves out or replaces.
    private static func replaced(_ national: Digits, _ usual: Digits) -> Int {
        guard national != usual else { return 0 }
        let shorter = min(national.count, usual.count)
        let kept = (0..<shorter).prefix { national[national.count - 1 - $0] == usual[usual.count - 1 - $0] }.count
        // A number without its area code is kept as a whole.
        return max(1, national.count - kept)
    }
}
