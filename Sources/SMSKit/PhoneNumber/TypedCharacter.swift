// SPDX-License-Identifier: Apache-2.0

/// The kind of a character in a phone number or a code that a person typed or pasted.
package enum TypedCharacter: Sendable, Hashable {
    /// A decimal digit of any script, with its value from 0 to 9.
    case digit(UInt8)
    case space
    /// A hyphen, a dash or a similar character.
    case dash
    /// A character that is not visible, such as a direction mark, a zero-width character or a filler.
    case invisible
    /// A tab, a line break, or another blank control character.
    case lineBreak
    case other

    /// Creates the kind of a character.
    package init(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "0"..."9": self = .digit(UInt8(scalar.value - 0x30))
        case " ": self = .space
        case "-": self = .dash
        case _ where scalar.isASCII: self = scalar.properties.isWhitespace ? .lineBreak : .other
        default: self = Self.meaning(of: scalar)
        }
    }

    private static func meaning(of scalar: Unicode.Scalar) -> Self {
        let properties = scalar.properties
        if properties.generalCategory == .decimalNumber, let value = properties.numericValue, 0...9 ~= value {
            return .digit(UInt8(value))
        }
        if properties.isDefaultIgnorableCodePoint || Self.isBlank(scalar) { return .invisible }
        if properties.isDash || Self.isLikeDash(scalar) { return .dash }
        if properties.generalCategory == .spaceSeparator { return .space }
        return properties.isWhitespace ? .lineBreak : .other
    }

    /// Returns whether a character is invisible although Unicode does not list it as ignorable.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        // Braille without dots, a musical symbol without a note head, and annotation marks.
        case "\u{2800}", "\u{1D159}", "\u{FFF9}"..."\u{FFFB}": true
        default: false
        }
    }

    /// Returns whether a character looks like a dash although Unicode does not list it as a dash.
    private static func isLikeDash(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        // Modifier minus, hyphen bullet, box-drawing lines, heavy minus, and the long-vowel marks of Japanese keyboards.
        case "\u{02D7}", "\u{2043}", "\u{2500}", "\u{2501}", "\u{2796}", "\u{30FC}", "\u{FF70}": true
        default: false
        }
    }

    /// Whether the character is a space, a line break or invisible.
    package var isBlank: Bool { self == .space || self == .invisible || self == .lineBreak }
}

extension String {
    /// The text without leading and trailing spaces, line breaks and invisible characters.
    package var withoutBlankEnds: Substring {
        var scalars = self.unicodeScalars[...]
        while let first = scalars.first, TypedCharacter(first).isBlank { scalars.removeFirst() }
        while let last = scalars.last, TypedCharacter(last).isBlank { scalars.removeLast() }
        return Substring(scalars)
    }

    /// The text without trailing spaces and line breaks.
    package var withoutBlankEnd: Substring {
        // Most texts end with a visible ASCII character.
        if let last = self.utf8.last, (0x21...0x7E).contains(last) { return self[...] }
        var scalars = self.unicodeScalars[...]
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return Substring(scalars)
    }
}
