// SPDX-License-Identifier: Apache-2.0

/// Escapes text, so that it cannot control the terminal or change the order of characters.
enum TerminalText {
    /// Escapes all control characters except line feeds.
    ///
    /// - Parameter text: The text. Its line feeds must come from this program, because they are not escaped.
    /// - Returns: The text, with escape sequences such as `\u{1B}` for control characters, line separators and direction
    ///   controls.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { self.acts($0) && $0 != "\n" }) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if self.acts(scalar), scalar != "\n" {
                escaped.append(contentsOf: "\\u{\(self.hex(scalar.value))}".unicodeScalars)
            } else {
                escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// Splits a text at line breaks of any kind, and escapes each line.
    ///
    /// - Parameter text: The text, which can come from outside this program.
    /// - Returns: At least one line.
    static func lines(of text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { self.escaped(String($0)) }
    }

    /// Escapes the control characters that JSON allows but a terminal may interpret.
    ///
    /// - Parameter document: A JSON document without line breaks.
    /// - Returns: An equivalent JSON document, with escape sequences such as `\u009b`.
    static func escaped(json document: String) -> String {
        guard document.unicodeScalars.contains(where: self.acts) else { return document }
        var escaped = ""
        for scalar in document.unicodeScalars {
            guard self.acts(scalar) else {
                escaped.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = self.hex(UInt32(unit)).lowercased()
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    /// Returns whether a character controls the terminal, breaks the line, or changes the order or the visibility of other
    /// characters.
    private static func acts(_ scalar: Unicode.Scalar) -> Bool {
        if (" "..."~").contains(scalar) { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format:
            // Emoji and several scripts need joiners. The Arabic signs in this range are visible.
            let isSpelling = scalar == "\u{200C}" || scalar == "\u{200D}" || (0x0600...0x0605).contains(scalar.value)
            return !isSpelling
        default: return false
        }
    }

    private static func hex(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) }
}

extension String {
    /// The text as one escaped line, with `⏎` for each line break.
    var inOneLine: String { TerminalText.lines(of: self).joined(separator: " ⏎ ") }
}
