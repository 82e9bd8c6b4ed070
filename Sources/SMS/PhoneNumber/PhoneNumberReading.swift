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
        if let addition = plan.addition(for: typed, in: code) {
            self.init(typed, in: code, addition)
            return
        }
        let table = NumberingTable.shared
        let national = AlternateForm.usual(table.withoutTrunkPrefix(typed, in: code), in: code)
        if let addition = plan.addition(for: national, in: code) {
            self.init(national, in: code, addition)
            return
        }
        guard code.hasLength(national.count) else { throw PhoneNumberError(length: national.count, in: code) }
        guard code.length + national.count <= Self.longest else {
            throw PhoneNumberError(.tooLong, "a phone number has at most 15 digits with its calling code")
        }
        // Otherwise the result would be read as another number the next time.
        guard table.withoutTrunkPrefix(national, in: code) == national else {
            throw PhoneNumberError(.invalidNationalNumber, "the trunk prefix occurs twice")
        }
        self.init(national, in: code, table.entry(of: national, in: code))
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
        self.isAlternateForm = false
    }
}
