/// How many billed parts a text takes as an SMS.
///
/// A text whose characters all are in the GSM 03.38 alphabet travels as GSM-7, every other text as UCS-2. One message
/// holds 160 GSM-7 or 70 UCS-2 units; of a longer text each part holds 153 or 67, because a header takes the rest.
/// The gateway's own count is what is billed: take this one as an estimate.
public struct SMSSegmentCount: Sendable, Hashable {
    /// How the characters of a text travel.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// The GSM 03.38 alphabet: one unit a character, two for those of the extension table.
        case gsm7
        /// UTF-16 code units: one unit a character, two for those outside the basic plane, such as emoji.
        case ucs2

        /// The number of units that fit a message of a single part.
        public var unitsOfSingleSegment: Int { self == .gsm7 ? 160 : 70 }

        /// The number of units that fit each part of a message of several parts.
        public var unitsOfJoinedSegment: Int { self == .gsm7 ? 153 : 67 }
    }

    /// How the text travels.
    public let encoding: Encoding

    /// The length of the text in units of the encoding.
    public let units: Int

    /// The number of parts, at least 1: an empty text is sent, and billed, as one message.
    public let segments: Int

    /// The number of units that are free in the last part.
    ///
    /// A character of two units needs two of them: with one unit left it begins another part.
    public let unitsLeft: Int

    /// Counts the parts of a text.
    ///
    /// A character of two units is never cut in half: if only one unit is left in a part, it moves to the next one.
    ///
    /// - Parameter text: The text as the recipient shall read it.
    public init(of text: String) {
        let scalars = text.unicodeScalars
        self.encoding = scalars.allSatisfy { Self.gsmUnits(of: $0) != nil } ? .gsm7 : .ucs2
        let joined = self.encoding.unitsOfJoinedSegment
        var units = 0
        var parts = 1
        var filled = 0
        for scalar in scalars {
            let width = self.encoding == .gsm7 ? Self.gsmUnits(of: scalar) ?? 1 : UTF16.width(scalar)
            units += width
            filled += width
            if filled > joined {
                parts += 1
                filled = width
            }
        }
        let single = self.encoding.unitsOfSingleSegment
        self.units = units
        self.segments = units <= single ? 1 : parts
        self.unitsLeft = units <= single ? single - units : joined - filled
    }

    /// The units that a character takes in GSM-7, or `nil` if it is not in the alphabet.
    private static func gsmUnits(of scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "|", "^", "€", "{", "}", "[", "]", "~", "\\", "\u{0C}": 2
        case "`", "\u{7F}": nil
        case " "..."~", "\n", "\r": 1
        case "£", "¥", "è", "é", "ù", "ì", "ò", "Ç", "Ø", "ø", "Å", "å", "Δ", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ",
            "Ξ",
            "Æ", "æ", "ß", "É", "¤", "¡", "Ä", "Ö", "Ñ", "Ü", "§", "¿", "ä", "ö", "ñ", "ü", "à":
            1
        default: nil
        }
    }
}
