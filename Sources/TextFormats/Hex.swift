// SPDX-License-Identifier: Apache-2.0

/// Converts bytes to hexadecimal digits.
@usableFromInline package enum Hex {
    @usableFromInline static let lowercaseDigits = Array("0123456789abcdef".utf8)
    @usableFromInline static let uppercaseDigits = Array("0123456789ABCDEF".utf8)

    /// Returns two hexadecimal digits for each byte.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - uppercase: Whether the digits above 9 are capital letters.
    /// - Returns: The digits.
    @inlinable package static func encode(_ bytes: some Sequence<UInt8>, uppercase: Bool = false) -> String {
        let digits = uppercase ? self.uppercaseDigits : self.lowercaseDigits
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Sequence<UInt8> {
    /// The bytes as lowercase hexadecimal digits.
    @inlinable package var hex: String { Hex.encode(self) }
}
