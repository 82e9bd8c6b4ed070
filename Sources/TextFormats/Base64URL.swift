// SPDX-License-Identifier: Apache-2.0

/// Base64 with the URL-safe alphabet and without padding (RFC 4648 section 5).
package enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Encodes bytes, and adds a text before and after the encoded characters.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - opening: The text before the encoded characters.
    ///   - ending: The text after the encoded characters.
    /// - Returns: The whole text, which is created with one allocation.
    package static func encode(_ bytes: [UInt8], after opening: String = "", before ending: String = "") -> String {
        let length = (bytes.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: opening.utf8.count + length + ending.utf8.count) { text in
            let start = text.initialize(fromContentsOf: opening.utf8)
            let end = text[(start + length)...].initialize(fromContentsOf: ending.utf8)
            self.write(bytes, to: UnsafeMutableBufferPointer(rebasing: text[start..<start + length]))
            return end
        }
    }

    private static func write(_ bytes: [UInt8], to text: UnsafeMutableBufferPointer<UInt8>) {
        let digits = self.digits
        var (start, position) = (0, 0)
        while start < bytes.count {
            let count = bytes.count - start
            // Missing bytes are zero, so the unused bits of the last character are zero.
            let second = count > 1 ? Int(bytes[start + 1]) : 0
            let third = count > 2 ? Int(bytes[start + 2]) : 0
            let group = Int(bytes[start]) << 16 | second << 8 | third
            text[position] = digits[group >> 18]
            text[position + 1] = digits[group >> 12 & 63]
            if count > 1 { text[position + 2] = digits[group >> 6 & 63] }
            if count > 2 { text[position + 3] = digits[group & 63] }
            start += 3
            position += 4
        }
    }

    /// Decodes Base64 text with the URL-safe alphabet.
    ///
    /// - Parameter text: The encoded text, at most 4096 characters.
    /// - Returns: The bytes, or `nil` if the text is too long or is not the canonical encoding of any bytes.
    package static func decode(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count <= 4096 else { return nil }
        return text.utf8.withContiguousStorageIfAvailable { self.decode($0) } ?? self.decode(Array(text.utf8))
    }

    private static func decode(_ digits: some Collection<UInt8>) -> [UInt8]? {
        let values = self.values
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var bits = 0
        var count = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value != self.invalid else { return nil }
            bits = (bits << 6 | Int(value)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        // In a canonical text, fewer than six bits at the end are unused, and all unused bits are zero.
        guard count < 6, bits & ((1 << count) - 1) == 0 else { return nil }
        return bytes
    }

    private static let invalid = UInt8.max

    /// The value of each byte as a digit; ``invalid`` for bytes that are not digits.
    private static let values = Self.digits.enumerated()
        .reduce(into: [UInt8](repeating: Self.invalid, count: 256)) { values, digit in
            values[Int(digit.element)] = UInt8(digit.offset)
        }
}
