// SPDX-License-Identifier: Apache-2.0

/// A parser of phone numbers that a person typed or pasted.
enum PhoneNumberParser {
    /// The maximum number of characters in a text.
    private static let longestText = 64

    /// The maximum number of slashes in a number: one after the calling code, and one after the area code.
    private static let mostSlashes = 2

    /// The possible lengths of an area code, in digits.
    private static let areaCodeLengths = 1...5

    /// The minimum number of digits after an area code.
    ///
    /// Fewer digits are probably an alternative ending of the number, as in `123456/57`.
    private static let shortestSubscriberNumber = 3

    /// The digits, the plus sign and the slashes of a text.
    private struct TypedNumber {
        var digits = Digits()
        var hasPlus = false
        /// The number of digits before each slash.
        var slashes: [Int] = []
    }

    /// Parses the text of one number.
    static func read(
        _ text: String,
        defaultRegion: Region?,
        plan: NumberingPlan
    ) throws(PhoneNumberError) -> PhoneNumberReading {
        let typed = if let plain = self.plain(text) { plain } else { try self.clean(text) }
        guard !typed.slashes.isEmpty else { return try self.read(typed, defaultRegion, plan) }
        guard
            let reading = try? self.read(typed, defaultRegion, plan),
            self.hasSlashesInPlace(typed, reading, defaultRegion)
        else { throw Self.severalNumbers }
        return reading
    }

    private static func read(
        _ typed: TypedNumber,
        _ defaultRegion: Region?,
        _ plan: NumberingPlan
    ) throws(PhoneNumberError) -> PhoneNumberReading {
        if let start = self.callingCodeStart(typed, defaultRegion) {
            return try PhoneNumberReading(international: typed.digits.from(start), plan: plan)
        }
        guard let defaultRegion, let code = NumberingTable.shared.callingCode(of: defaultRegion) else {
            throw PhoneNumberError(.missingCallingCode, "the number must begin with + and a calling code")
        }
        guard let reading = self.national(typed.digits, in: code, plan) else {
            throw PhoneNumberError(
                .invalidNationalNumber,
                "this is not a national number of \(defaultRegion); any other begins with + and a calling code"
            )
        }
        return reading
    }

    /// Returns the position of the calling code in the digits, or `nil` if the number has no calling code.
    private static func callingCodeStart(_ typed: TypedNumber, _ defaultRegion: Region?) -> Int? {
        if typed.hasPlus { return 0 }
        guard
            let prefix = defaultRegion.flatMap({ NumberingTable.shared.callingCode(of: $0) })?.internationalPrefix,
            typed.digits.hasPrefix(prefix)
        else { return nil }
        return prefix.count
    }

    /// Parses digits as a national number of a known kind.
    ///
    /// Returns `nil` if the kind is unknown, or if the digits can also be a calling code followed by another national number.
    private static func national(
        _ digits: Digits,
        in code: CallingCode,
        _ plan: NumberingPlan
    ) -> PhoneNumberReading? {
        guard let reading = self.usualNational(digits, in: code, plan), reading.kind != .unknown else { return nil }
        guard digits.hasPrefix(Digits(code.number)) else { return reading }
        let other = self.usualNational(digits.from(code.length), in: code, plan)
        return other.map { $0.kind == .unknown || $0.national == reading.national } ?? true ? reading : nil
    }

    /// Parses a national number; returns `nil` if the number is invalid or has two trunk prefixes.
    ///
    /// A trunk prefix, such as `0`, is dialed before a national number within the country. Two trunk prefixes could also be an
    /// unknown international prefix.
    private static func usualNational(
        _ digits: Digits,
        in code: CallingCode,
        _ plan: NumberingPlan
    ) -> PhoneNumberReading? {
        let reading = try? PhoneNumberReading(national: digits, in: code, plan: plan)
        return reading?.hasRepeatedPrefix == true ? nil : reading
    }

    /// Returns whether every slash of a text follows the calling code or the area code.
    ///
    /// A slash at another position may separate two numbers, or two endings of one number.
    private static func hasSlashesInPlace(
        _ typed: TypedNumber,
        _ reading: PhoneNumberReading,
        _ defaultRegion: Region?
    ) -> Bool {
        var slashes = typed.slashes[...]
        if let start = self.callingCodeStart(typed, defaultRegion), slashes.first == start + reading.code.length {
            guard reading.kind != .unknown else { return false }
            slashes.removeFirst()
        }
        guard let slash = slashes.popFirst() else { return true }
        let prefix = typed.digits.count - reading.national.count
        return slashes.isEmpty && Self.areaCodeLengths.contains(slash - prefix)
            && typed.digits.count - slash >= Self.shortestSubscriberNumber
    }

    /// Parses a text that consists of a plus sign and ASCII digits, as in E.164; returns `nil` for any other text.
    ///
    /// Programs send numbers in this format. The method parses it without lookups of Unicode properties.
    private static func plain(_ text: String) -> TypedNumber? {
        guard text.utf8.first == UInt8(ascii: "+") else { return nil }
        return Digits(text.utf8.dropFirst()).flatMap { $0.count > 0 ? TypedNumber(digits: $0, hasPlus: true) : nil }
    }

    /// Extracts the digits, the plus sign and the slashes, drops separators, and rejects all other characters.
    private static func clean(_ text: String) throws(PhoneNumberError) -> TypedNumber {
        guard text.unicodeScalars.prefix(Self.longestText + 1).count <= Self.longestText else {
            throw PhoneNumberError(.tooLong, "the text is longer than any phone number")
        }
        var typed = TypedNumber()
        let scalars = text.withoutBlankEnds.unicodeScalars
        for index in scalars.indices {
            let scalar = scalars[index]
            switch TypedCharacter(scalar) {
            case .digit(let digit):
                guard typed.digits.append(digit) else {
                    throw PhoneNumberError(.tooLong, "the text has more digits than any phone number")
                }
            case .space, .dash, .invisible: continue
            case .other where self.isPlus(scalar) && typed.digits.count == 0 && !typed.hasPlus: typed.hasPlus = true
            case .other where self.isSlash(scalar) && self.canTakeSlash(typed):
                typed.slashes.append(typed.digits.count)
            case .other where self.isPunctuation(scalar): continue
            case .other, .lineBreak: throw self.error(at: scalar, rest: scalars[index...])
            }
        }
        guard typed.digits.count > 0 else { throw PhoneNumberError(.empty, "the text contains no phone number") }
        return typed
    }

    private static func isPlus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "+" || scalar == "\u{FF0B}" || scalar == "\u{FE62}"
    }

    private static func isSlash(_ scalar: Unicode.Scalar) -> Bool { scalar == "/" || scalar == "\u{FF0F}" }

    /// Returns whether the next character may be a slash.
    private static func canTakeSlash(_ typed: TypedNumber) -> Bool {
        typed.digits.count > (typed.slashes.last ?? 0) && typed.slashes.count < Self.mostSlashes
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "(", ")", "\u{FF0E}", "\u{FF08}", "\u{FF09}": true
        default: false
        }
    }

    private static var severalNumbers: PhoneNumberError {
        PhoneNumberError(.severalNumbers, "the text must be one phone number, not a list")
    }

    private static func error(at scalar: Unicode.Scalar, rest: Substring.UnicodeScalarView) -> PhoneNumberError {
        let start = String(String.UnicodeScalarView(rest.prefix(4))).lowercased()
        if start.hasPrefix("x") || start.hasPrefix("ext") || start.hasPrefix(";ext") || start.hasPrefix("#") {
            return PhoneNumberError(.extension, "a message cannot be sent to an extension")
        }
        switch scalar {
        case ",", ";", "/", "|", "&", "\u{FF0C}", "\u{FF1B}", "\u{FF0F}", "\u{3001}", "\u{060C}":
            return Self.severalNumbers
        default:
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator:
            return PhoneNumberError(.invalidCharacter, "the text contains a control character or a line break")
        default:
            let kind = scalar.properties.isAlphabetic ? "a letter" : "a character that does not occur in phone numbers"
            return PhoneNumberError(.invalidCharacter, "the text contains \(kind)")
        }
    }
}
