// SPDX-License-Identifier: Apache-2.0

/// Masks phone numbers and secrets in a text, as an additional protection of logs and metrics.
///
/// * Phone numbers in international form, such as `+65 9123 4567`, become `[number]`. Runs of 8 to 15 digits also become
///   `[number]`.
/// * API keys, tokens and 32-byte keys in base64 become `[secret]`. An API key or a token is a run of at least 30 letters,
///   digits, `-` or `_` that contains an upper-case letter, a lower-case letter and a digit.
///
/// Hexadecimal identifiers, UUIDs and runs of more than 15 digits are not masked, because request IDs have these forms.
/// Timestamps such as `2026-11-25T10:00:00Z` are not masked either.
package enum SecretMask {
    private static let number = Array("[number]".utf8)
    private static let secret = Array("[secret]".utf8)
    private static let digits = 8...15
    private static let minimumSecret = 30

    /// Masks the phone numbers and secrets in a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: The masked text.
    package static func masked(_ text: String) -> String {
        // Most texts are short or contain no digit.
        guard text.utf8.count >= Self.digits.lowerBound, text.utf8.contains(where: self.isDigit) else { return text }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let end = Self.international(bytes, index) {
                output += Self.number
                index = end
            } else if let end = Self.percentEncoded(bytes, index) {
                // The `2` of an escape such as `%2B` must not count as a digit of a phone number.
                output += bytes[index..<end]
                index = end
            } else if let end = Self.base64Key(bytes, index) {
                output += Self.secret
                index = end
            } else if Self.isWord(bytes[index]) {
                let end = bytes[index...].firstIndex { !Self.isWord($0) } ?? bytes.count
                output += Self.masked(word: bytes[index..<end])
                index = end
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output.elementsEqual(bytes) ? text : String(decoding: output, as: UTF8.self)
    }

    /// Returns the end of a phone number in international form; `nil` if no such number begins at the index.
    private static func international(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard bytes[start] == UInt8(ascii: "+") else { return nil }
        var (count, end, separators) = (0, start, 0)
        for index in (start + 1)..<max(bytes.count, start + 1) {
            if Self.isDigit(bytes[index]) {
                count += 1
                end = index + 1
                separators = 0
            } else {
                separators += 1
                guard separators <= 2, " -.()/".utf8.contains(bytes[index]) else { break }
            }
        }
        return count >= Self.digits.lowerBound ? end : nil
    }

    /// Returns the end of a percent-encoded byte; `nil` if no such byte begins at the index.
    private static func percentEncoded(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard bytes[start] == UInt8(ascii: "%"), start + 2 < bytes.count else { return nil }
        return Self.isHex(bytes[start + 1]) && Self.isHex(bytes[start + 2]) ? start + 3 : nil
    }

    /// Returns the end of a 32-byte key in base64; `nil` if no such key begins at the index.
    private static func base64Key(_ bytes: [UInt8], _ start: Int) -> Int? {
        let end = start + 43
        guard end < bytes.count, bytes[end] == UInt8(ascii: "=") else { return nil }
        let isBase64 = bytes[start..<end]
            .allSatisfy { Self.isDigit($0) || Self.isLetter($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
        return isBase64 ? end + 1 : nil
    }

    private static func masked(word: ArraySlice<UInt8>) -> [UInt8] {
        guard !Self.isUUID(word) else { return Array(word) }
        if word.count >= Self.minimumSecret, word.contains(where: Self.isDigit),
            word.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }),
            word.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        {
            return Self.secret
        }
        let parts = word.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        var output: [UInt8] = []
        for part in parts {
            output += Self.masked(part: part)
            if part.endIndex < word.endIndex { output.append(word[part.endIndex]) }
        }
        return output
    }

    /// Masks runs of 8 to 15 digits in a part of a word; a hexadecimal identifier is not changed.
    private static func masked(part: ArraySlice<UInt8>) -> [UInt8] {
        guard part.allSatisfy(Self.isDigit) || !part.allSatisfy(Self.isHex) else { return Array(part) }
        var output: [UInt8] = []
        var index = part.startIndex
        while index < part.endIndex {
            let end = part[index...].firstIndex { !Self.isDigit($0) } ?? part.endIndex
            output += Self.digits.contains(end - index) ? Self.number[...] : part[index..<end]
            guard end < part.endIndex else { break }
            output.append(part[end])
            index = end + 1
        }
        return output
    }

    private static func isUUID(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count == 36 else { return false }
        return word.enumerated()
            .allSatisfy {
                [8, 13, 18, 23].contains($0.offset) ? $0.element == UInt8(ascii: "-") : Self.isHex($0.element)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || Self.isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
