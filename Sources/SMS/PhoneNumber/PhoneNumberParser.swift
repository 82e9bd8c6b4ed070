/// Reads what people type as a phone number.
enum PhoneNumberParser {
    /// The longest text that is read at all.
    private static let longestText = 64

    /// Reads one number, and gives the digits of its canonical form.
    static func digits(of text: String, defaultRegion: Region?) throws(PhoneNumberError) -> [UInt8] {
        let (digits, hasPlus) = try self.clean(text)
        if hasPlus { return try self.canonical(digits) }
        guard let defaultRegion else {
            throw PhoneNumberError(.missingCallingCode, "the number must begin with + and a calling code")
        }
        if let prefix = NumberingPlan.internationalPrefix(of: defaultRegion), digits.starts(with: prefix.utf8) {
            return try self.canonical(Array(digits.dropFirst(prefix.utf8.count)))
        }
        guard let plan = NumberingPlan.plans[defaultRegion.callingCode] else {
            throw PhoneNumberError(
                .missingCallingCode,
                "national numbers of \(defaultRegion) are not read: begin with + and a calling code"
            )
        }
        guard let national = plan.nationalNumber(digits, callingCode: defaultRegion.callingCode) else {
            throw PhoneNumberError(
                .invalidNationalNumber,
                "this is not a national number of \(defaultRegion); any other begins with + and a calling code"
            )
        }
        return try self.canonical(Array(defaultRegion.callingCode.utf8) + national)
    }

    /// Brings the digits that follow a plus sign into their one form.
    static func canonical(_ digits: [UInt8]) throws(PhoneNumberError) -> [UInt8] {
        guard digits.count >= 7 else { throw Self.tooShort }
        guard let length = CallingCodeTable.shared.entry(of: digits)?.codeLength else {
            guard digits.count >= 8 else { throw Self.tooShort }
            throw PhoneNumberError(.unknownCallingCode, "no country has this calling code")
        }
        let code = String(decoding: digits.prefix(length), as: UTF8.self)
        var national = digits[length...]
        if national.first == UInt8(ascii: "0"), !NumberingPlan.keepsZero(code) {
            national = national.dropFirst()
            guard NumberingPlan.hasTrunkZero(code), national.first != UInt8(ascii: "0") else {
                throw PhoneNumberError(.invalidNationalNumber, "no number has a 0 after this calling code")
            }
        }
        // Mexico gave up the 1 of its mobile numbers in 2019; both forms reach the same telephone.
        if code == "52", national.count == 11, national.first == UInt8(ascii: "1"),
            national.dropFirst().first != UInt8(ascii: "0")
        {
            national = national.dropFirst()
        }
        // Digits after the last one of a number can be ignored on the way: each would be a further spelling of it.
        let result = digits.prefix(length) + national
        guard national.count <= min(NumberingPlan.longest(result), 15 - length) else {
            throw PhoneNumberError(.tooLong, "the number has more digits than its country uses")
        }
        guard result.count >= NumberingPlan.shortest(code) else { throw Self.tooShort }
        return Array(result)
    }

    private static var tooShort: PhoneNumberError {
        PhoneNumberError(.tooShort, "a number has at least 8 digits with its calling code, or seven in a few countries")
    }

    /// Drops what people put between digits, and refuses everything else.
    private static func clean(_ text: String) throws(PhoneNumberError) -> (digits: [UInt8], hasPlus: Bool) {
        guard text.unicodeScalars.prefix(Self.longestText + 1).count <= Self.longestText else {
            throw PhoneNumberError(.tooLong, "the text is longer than any phone number")
        }
        var digits: [UInt8] = []
        var hasPlus = false
        for index in text.unicodeScalars.indices {
            let scalar = text.unicodeScalars[index]
            if let digit = self.digit(scalar) {
                digits.append(digit)
            } else if self.isPlus(scalar), digits.isEmpty, !hasPlus {
                hasPlus = true
            } else if !self.isDropped(scalar) {
                throw self.error(at: scalar, rest: text.unicodeScalars[index...])
            }
        }
        guard !digits.isEmpty else { throw PhoneNumberError(.empty, "the text holds no phone number") }
        return (digits, hasPlus)
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else {
            return nil
        }
        return UInt8(ascii: "0") + UInt8(value)
    }

    private static func isPlus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "+" || scalar == "\u{FF0B}" || scalar == "\u{FE62}"
    }

    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-", ".", "(", ")", "\u{2010}"..."\u{2015}", "\u{2212}", "\u{FE63}", "\u{FF0D}", "\u{FF0E}", "\u{FF08}",
            "\u{FF09}":
            true
        // Bidirectional and zero-width marks come along when a number is copied from a contact list.
        case "\u{00AD}", "\u{061C}", "\u{200B}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}",
            "\u{2066}"..."\u{2069}", "\u{FEFF}":
            true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }

    private static func error(at scalar: Unicode.Scalar, rest: Substring.UnicodeScalarView) -> PhoneNumberError {
        let start = String(String.UnicodeScalarView(rest.prefix(4))).lowercased()
        if start.hasPrefix("x") || start.hasPrefix("ext") || start.hasPrefix(";ext") || start.hasPrefix("#") {
            return PhoneNumberError(.extension, "a message cannot be sent to an extension")
        }
        switch scalar {
        case ",", ";", "/", "|", "&", "\u{FF0C}", "\u{FF1B}", "\u{FF0F}", "\u{3001}", "\u{060C}":
            return PhoneNumberError(.severalNumbers, "the text must be one phone number, not a list")
        default:
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator:
            return PhoneNumberError(.invalidCharacter, "the text holds a control character or a line break")
        default:
            let kind = scalar.properties.isAlphabetic ? "a letter" : "a character that no phone number has"
            return PhoneNumberError(.invalidCharacter, "the text holds \(kind)")
        }
    }
}
