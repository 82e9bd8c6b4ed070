// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The form of a code: its alphabet and its length.
public struct CodeFormat: Sendable, Hashable {
    /// The symbols of alphanumeric codes: digits and capital letters.
    ///
    /// `0`, `1`, `I`, `L` and `O` are excluded, because they look like other symbols.
    static let letters = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)
    static let digits = Array("0123456789".utf8)

    let symbols: [UInt8]
    let length: Int

    /// Returns the form for codes of decimal digits.
    ///
    /// A code may begin with zeros.
    ///
    /// - Parameter length: The number of digits, from 6 to 10. NIST SP 800-63B-4 section 3.1.3.2 requires at least 6.
    /// - Returns: The form. The initializer of a service checks the length.
    public static func digits(_ length: Int) -> Self {
        Self(symbols: self.digits, length: length)
    }

    /// Returns the form for codes of digits and capital letters, without symbols that look alike.
    ///
    /// The alphabet has 31 symbols. A code of six symbols has 29.7 bits of entropy. A code of six digits has 19.9 bits.
    ///
    /// - Parameter length: The number of symbols, from 6 to 8.
    /// - Returns: The form. The initializer of a service checks the length.
    public static func alphanumeric(_ length: Int) -> Self {
        Self(symbols: self.letters, length: length)
    }

    /// The number of different codes of this form.
    public var space: Double {
        var space = 1.0
        // Possibly, the length is not checked yet, so the loop is limited to 32 symbols. A valid code has at most 10 symbols.
        for _ in 0..<min(max(self.length, 0), 32) { space *= Double(self.symbols.count) }
        return space
    }

    private var isNumeric: Bool { self.symbols.count == 10 }

    func validate(strict20: Bool) throws(OTPConfigurationError) {
        let allowed = self.isNumeric ? 6...10 : 6...8
        guard allowed.contains(self.length) else {
            throw OTPConfigurationError("code", "must have 6 to 10 digits, or 6 to 8 letters and digits")
        }
        // NIST SP 800-63B revision 3 section 5.1.3.2 required 20 bits of entropy, which are 2^20 codes.
        guard !strict20 || self.space >= 1_048_576 else {
            throw OTPConfigurationError(
                "code",
                "six digits have fewer than 20 bits: use 7 digits, or letters and digits"
            )
        }
    }

    /// Draws a code from a uniform distribution.
    func makeCode(using generator: inout some RandomNumberGenerator) -> OneTimeCode {
        let base = UInt64(self.symbols.count)
        let space = (0..<self.length).reduce(UInt64(1)) { space, _ in space * base }
        // The standard library uses rejection sampling. A plain remainder would make some codes more likely than others.
        var number = UInt64.random(in: 0..<space, using: &generator)
        var bytes = [UInt8](repeating: 0, count: self.length)
        for place in bytes.indices.reversed() {
            bytes[place] = self.symbols[Int(number % base)]
            number /= base
        }
        return OneTimeCode(bytes: bytes)
    }

    /// Returns whether a code has this form.
    func allows(_ code: borrowing OneTimeCode) -> Bool {
        code.withBytes { $0.count == self.length && $0.allSatisfy(self.symbols.contains) }
    }

    /// Parses a code that a person typed or pasted.
    ///
    /// Spaces, dashes and invisible characters are ignored, and decimal digits of every script are accepted
    /// (``TypedCharacter``). Lower-case and full-width letters become capital letters.
    ///
    /// - Returns: The code, or `nil` if the text cannot be a code of this form.
    func read(_ input: String) -> OneTimeCode? {
        // A typed code is shorter: even 10 symbols with separators are far below this limit.
        guard input.utf8.count <= 128 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.length)
        for scalar in input.unicodeScalars {
            switch TypedCharacter(scalar) {
            case .digit(let digit): bytes.append(UInt8(ascii: "0") + digit)
            case .space, .dash, .invisible, .lineBreak: continue
            case .other:
                guard let letter = Self.letter(scalar) else { return nil }
                bytes.append(letter)
            }
        }
        guard bytes.count == self.length, bytes.allSatisfy(self.symbols.contains) else { return nil }
        return OneTimeCode(bytes: bytes)
    }

    /// Returns the capital ASCII letter for a letter in any case or width, or `nil` for another character.
    private static func letter(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x41...0x5A: UInt8(scalar.value)
        case 0x61...0x7A: UInt8(scalar.value - 0x20)
        case 0xFF21...0xFF3A: UInt8(scalar.value - 0xFF21 + 0x41)
        case 0xFF41...0xFF5A: UInt8(scalar.value - 0xFF41 + 0x41)
        default: nil
        }
    }
}

extension CodeFormat: CustomStringConvertible {
    /// The form in words, such as `6 digits`.
    public var description: String {
        "\(self.length) \(self.isNumeric ? "digits" : "letters and digits")"
    }
}

extension CodeFormat: Codable {
    private enum CodingKeys: CodingKey { case symbols, length }

    private enum Symbols: String, Codable { case digits, alphanumeric }

    /// Decodes a form.
    ///
    /// Decoding does not check the length. ``OTPPolicy/validate()`` checks it.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let length = try container.decode(Int.self, forKey: .length)
        switch try container.decode(Symbols.self, forKey: .symbols) {
        case .digits: self = .digits(length)
        case .alphanumeric: self = .alphanumeric(length)
        }
    }

    /// Encodes the alphabet (`digits` or `alphanumeric`) and the length.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.isNumeric ? Symbols.digits : .alphanumeric, forKey: .symbols)
        try container.encode(self.length, forKey: .length)
    }
}
