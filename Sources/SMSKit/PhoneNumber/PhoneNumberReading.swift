/// A number in its canonical form, with the facts that the numbering plan has of it.
struct PhoneNumberReading: Sendable {
    /// The most digits of an E.164 number.
    private static let longest = 15

    let code: CallingCode
    let national: Digits
    let region: Region?
    let kind: PhoneNumber.Kind
    let isAlternateForm: Bool

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
        let national = Self.usual(typed, in: code, plan)
        // An addition that names the digits of a trunk prefix makes them a part of the number.
        if let addition = plan.addition(for: typed, in: code, naming: Self.replaced(typed, national)) {
            self.init(typed, in: code, addition)
            return
        }
        let again = national == typed ? national : Self.usual(national, in: code, plan)
        if let addition = plan.addition(for: national, in: code, naming: Self.replaced(national, again)) {
            self.init(national, in: code, addition)
            return
        }
        guard code.hasLength(national.count) else { throw PhoneNumberError(length: national.count, in: code) }
        guard code.length + national.count <= Self.longest else {
            throw PhoneNumberError(.tooLong, "a phone number has at most 15 digits with its calling code")
        }
        // Otherwise the result would be read as another number the next time.
        guard again == national else {
            throw PhoneNumberError(.invalidNationalNumber, "the trunk prefix occurs twice")
        }
        self.init(national, in: code, NumberingTable.shared.entry(of: national, in: code))
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

    private init(_ national: Digits, in code: CallingCode, _ entry: NumberingTable.Entry) {
        self.code = code
        self.national = national
        self.region = entry.region
        self.kind = entry.kind
        self.isAlternateForm = AlternateForm.contains(national, in: code, entry)
    }

    private init(_ national: Digits, in code: CallingCode, _ addition: NumberingPlan.Addition) {
        let entry = NumberingTable.shared.entry(of: national, in: code)
        self.code = code
        self.national = national
        self.region = addition.region
        self.kind = addition.kind ?? entry.kind
        self.isAlternateForm = AlternateForm.contains(national, in: code, entry, addition)
    }
}
