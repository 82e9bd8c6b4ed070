// SPDX-License-Identifier: Apache-2.0

import TextFormats

extension JSONParser {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Parses a string at the current position.
    mutating func string() throws(JSONError) -> String {
        let start = self.position
        self.position += 1
        try self.skipPlainBytes()
        var text: [UInt8]?
        while let byte = self.byte, byte == Self.backslash {
            if text == nil { text = Array(self.bytes[(start + 1)..<self.position]) }
            try self.appendEscape(to: &text)
            let plain = self.position
            try self.skipPlainBytes()
            text?.append(contentsOf: self.bytes[plain..<self.position])
        }
        guard self.byte == Self.quote else { throw self.unexpected() }
        let content = text?[...] ?? self.bytes[(start + 1)..<self.position]
        self.position += 1
        return try self.checked(content, start)
    }

    /// Skips to the next quote, backslash or control character.
    private mutating func skipPlainBytes() throws(JSONError) {
        while let byte = self.byte, byte != Self.quote, byte != Self.backslash {
            guard byte >= 0x20 else { throw self.error(.controlCharacter) }
            self.position += 1
        }
    }

    private mutating func appendEscape(to text: inout [UInt8]?) throws(JSONError) {
        let start = self.position
        self.position += 1
        guard let letter = self.byte else { throw self.unexpected() }
        if letter == UInt8(ascii: "u") {
            self.position += 1
            let scalar = try self.scalar(start)
            text?.append(contentsOf: Array(String(Character(scalar)).utf8))
            return
        }
        guard let byte = Self.escapes[letter] else { throw JSONError(code: .invalidEscape, offset: start) }
        self.position += 1
        text?.append(byte)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    /// Parses the four digits after `\u`; for a surrogate pair, also parses its second escape sequence.
    private mutating func scalar(_ start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try self.codeUnit(start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let end = self.position
        if unit < 0xDC00, self.bytes[end...].starts(with: [Self.backslash, UInt8(ascii: "u")]) {
            self.position += 2
            let second = try self.codeUnit(end)
            if UTF16.isTrailSurrogate(second) { return UTF16.decode(UTF16.EncodedScalar([unit, second])) }
            // The second escape sequence is not part of the pair, so it is parsed as the next character.
            self.position = end
        }
        guard self.rules.repairsText else { throw JSONError(code: .loneSurrogate, offset: start) }
        return "\u{FFFD}"
    }

    /// Parses four hexadecimal digits.
    private mutating func codeUnit(_ start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.byte else { throw self.unexpected() }
            guard let digit = byte.hexDigitValue else { throw JSONError(code: .invalidEscape, offset: start) }
            unit = unit << 4 | UInt16(digit)
            self.position += 1
        }
        return unit
    }

    /// Decodes the content of a string, and checks the ``JSONRules``.
    private func checked(_ content: ArraySlice<UInt8>, _ start: Int) throws(JSONError) -> String {
        // Most strings are ASCII, which follows all rules.
        if content.allSatisfy({ (1..<0x80).contains($0) }) { return String(decoding: content, as: UTF8.self) }
        let valid = String(validating: content, as: UTF8.self)
        guard let text = valid ?? (self.rules.repairsText ? String(decoding: content, as: UTF8.self) : nil) else {
            throw JSONError(code: .invalidUTF8, offset: start)
        }
        if !self.rules.allowsNUL, content.contains(0) { throw JSONError(code: .nulCharacter, offset: start) }
        if let limit = self.rules.maximumMarks, content.count > limit, Self.longestRunOfMarks(in: text) > limit {
            throw JSONError(code: .tooManyMarks, offset: start)
        }
        return text
    }

    /// Returns the length of the longest run of combining marks.
    ///
    /// Only marks that Unicode's canonical ordering can reorder are counted. For long runs, this reordering can take quadratic
    /// time.
    private static func longestRunOfMarks(in text: String) -> Int {
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = Self.isReordered(scalar) ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    private static func isReordered(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: false
        // These characters have the combining class 0, but are decomposed to marks.
        case 0xF73, 0xF75, 0xF81: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}
