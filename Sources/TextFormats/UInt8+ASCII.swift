// SPDX-License-Identifier: Apache-2.0

/// The character classes of ASCII, which do not depend on the locale.
extension UInt8 {
    /// Whether the byte is `0` to `9`.
    @inlinable package var isASCIIDigit: Bool { 0x30...0x39 ~= self }

    /// Whether the byte is `a` to `z`.
    @inlinable package var isASCIILowercaseLetter: Bool { 0x61...0x7A ~= self }

    /// Whether the byte is `A` to `Z`.
    @inlinable package var isASCIIUppercaseLetter: Bool { 0x41...0x5A ~= self }

    /// Whether the byte is `A` to `Z` or `a` to `z`.
    @inlinable package var isASCIILetter: Bool { (self & 0xDF).isASCIIUppercaseLetter }

    /// Whether the byte is a letter or a digit.
    @inlinable package var isASCIIAlphanumeric: Bool { self.isASCIILetter || self.isASCIIDigit }

    /// The lowercase letter for `A` to `Z`; the byte itself for any other byte.
    @inlinable package var asciiLowercased: UInt8 { self.isASCIIUppercaseLetter ? self | 0x20 : self }

    /// The value of a hexadecimal digit in upper or lower case; `nil` for any other byte.
    @inlinable package var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
