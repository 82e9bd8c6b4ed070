// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding of UTF-8 text (RFC 3986 section 2).
package enum PercentEncoding {
    /// Encodes every byte except for the unreserved characters `A–Z a–z 0–9 - _ . ~`, with uppercase hexadecimal digits.
    ///
    /// - Parameter text: The text.
    /// - Returns: The encoded text.
    package static func encode(_ text: String) -> String {
        self.encode(text, digits: Hex.uppercaseDigits) { self.isUnreserved($0) }
    }

    /// Encodes every byte except for the bytes that a closure selects.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - uppercase: Whether hexadecimal digits above 9 are capital letters.
    ///   - isBare: A closure that returns whether a byte is copied unchanged.
    /// - Returns: The encoded text.
    package static func encode(_ text: String, uppercase: Bool, isBare: (UInt8) -> Bool) -> String {
        self.encode(text, digits: uppercase ? Hex.uppercaseDigits : Hex.lowercaseDigits, isBare: isBare)
    }

    @inline(__always)
    private static func encode(_ text: String, digits: [UInt8], isBare: (UInt8) -> Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isBare(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 0x0F)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the length in bytes of the result of ``encode(_:)``.
    package static func encodedLength(of text: String) -> Int {
        text.utf8.reduce(0) { $0 + (self.isUnreserved($1) ? 1 : 3) }
    }

    /// Returns whether a byte is an unreserved character of RFC 3986.
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "~")
    }

    /// Decodes percent-encoded text.
    ///
    /// - Parameters:
    ///   - text: The encoded text.
    ///   - plusIsSpace: Whether `+` encodes a space, as in HTML forms.
    /// - Returns: The bytes, or `nil` if a percent sign is not followed by two hexadecimal digits.
    package static func decode(_ text: Substring, plusIsSpace: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard
                    let high = iterator.next()?.hexDigitValue,
                    let low = iterator.next()?.hexDigitValue
                else { return nil }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Decodes a name or a value of an HTML form, in which `+` encodes a space.
    ///
    /// - Parameter text: The encoded name or value.
    /// - Returns: The text, or `nil` if an escape is malformed or the bytes are not UTF-8.
    package static func decodeForm(_ text: some StringProtocol) -> String? {
        self.decode(Substring(text), plusIsSpace: true).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
