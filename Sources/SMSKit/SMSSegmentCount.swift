// SPDX-License-Identifier: Apache-2.0

/// The number of SMS segments that a text needs.
///
/// Gateways bill each segment as one message. The encoding of the text determines the size of a segment:
///
/// - GSM-7 is used if all characters are in the GSM 03.38 alphabet. A single segment has 160 units.
/// - UCS-2 is used for any other text. A single segment has 70 units.
///
/// A longer text is split into segments of 153 units (GSM-7) or 67 units (UCS-2), because each segment then contains a header.
///
/// The result is an estimate, because gateways bill by their own count.
public struct SMSSegmentCount: Sendable, Hashable {
    /// The encoding of a text.
    ///
    /// Gateways use no other encodings, so no cases will be added.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// The GSM 03.38 alphabet.
        ///
        /// A character takes one unit, or two if it is in the extension table.
        case gsm7
        /// The UCS-2 encoding, which gateways extend to UTF-16.
        ///
        /// A character takes one unit, or two if it is outside the basic multilingual plane, such as an emoji.
        case ucs2

        /// The number of units that fit into a message of one segment.
        public var unitsOfSingleSegment: Int { self == .gsm7 ? 160 : 70 }

        /// The number of units that fit into each segment of a longer message.
        public var unitsOfJoinedSegment: Int { self == .gsm7 ? 153 : 67 }
    }

    /// The encoding of the text.
    public let encoding: Encoding

    /// The length of the text in units of the encoding.
    public let units: Int

    /// The number of segments, at least 1.
    ///
    /// An empty text is also sent and billed as one message.
    public let segments: Int

    /// The number of free units in the last segment.
    ///
    /// A character of two units is never split between segments.
    public let unitsLeft: Int

    /// Counts the segments of a text.
    ///
    /// - Parameter text: The text that the recipient reads.
    public init(of text: String) {
        let gsmUnits = Self.gsmUnits(of: text)
        self.encoding = gsmUnits == nil ? .ucs2 : .gsm7
        self.units = gsmUnits ?? Self.utf16Units(of: text)
        let single = self.encoding.unitsOfSingleSegment
        guard self.units > single else {
            self.segments = 1
            self.unitsLeft = single - self.units
            return
        }
        let joined = self.encoding.unitsOfJoinedSegment
        var segments = 1
        var filled = 0
        for scalar in text.unicodeScalars {
            let width = self.encoding == .gsm7 ? Self.gsmUnits(of: scalar) ?? 1 : UTF16.width(scalar)
            filled += width
            if filled > joined {
                segments += 1
                filled = width
            }
        }
        self.segments = segments
        self.unitsLeft = joined - filled
    }

    /// Returns the number of GSM-7 units of a text, or `nil` if GSM-7 cannot encode the text.
    private static func gsmUnits(of text: String) -> Int? {
        var units = 0
        for scalar in text.unicodeScalars {
            guard let width = self.gsmUnits(of: scalar) else { return nil }
            units += width
        }
        return units
    }

    /// Returns the number of UTF-16 units of a text.
    ///
    /// The method derives the number from the UTF-8 bytes, because `String.UTF16View.count` allocates an index for the text.
    private static func utf16Units(of text: String) -> Int {
        var text = text
        // Continuation bytes do not count. The first byte of a character is 0xF0 or higher if the character takes two units.
        return text.withUTF8 { bytes in
            // Without overflow checks, the compiler vectorizes the loop. No text has 2^62 bytes.
            bytes.reduce(0) { $0 &+ ($1 & 0xC0 == 0x80 ? 0 : $1 < 0xF0 ? 1 : 2) }
        }
    }

    /// Returns the number of GSM-7 units of a character, or `nil` if the character is not in the alphabet.
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
