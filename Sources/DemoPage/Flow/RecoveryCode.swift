// SPDX-License-Identifier: Apache-2.0

import Redaction
import SMSKit

/// A code that signs a user in once, without a message.
struct RecoveryCode: Sendable, Redacted {
    /// Digits and capital letters, without symbols that are easily confused, such as `0` and `O`.
    private static let symbols = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".unicodeScalars)

    /// The number of symbols in a code.
    ///
    /// A code has 74 random bits. NIST SP 800-63B requires a limit on failed attempts for codes with fewer than 64 bits.
    static let length = 15

    /// The symbols without separators.
    let text: String

    /// The code in groups of five symbols, as users see it.
    var grouped: String {
        stride(from: 0, to: self.text.count, by: 5).map { self.text.dropFirst($0).prefix(5) }.joined(separator: "-")
    }

    var description: String { "RecoveryCode(hidden)" }

    private init(text: String) { self.text = text }

    /// Creates a code with the random number generator of the system.
    static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        // `Int.random` has no bias.
        let indices = (0..<Self.length).map { _ in Int.random(in: Self.symbols.indices, using: &generator) }
        return Self(text: String(String.UnicodeScalarView(indices.map { Self.symbols[$0] })))
    }

    /// Creates a code from the text that a user typed or pasted; returns `nil` if the text cannot be a code.
    ///
    /// Spaces and dashes are ignored. Lower-case and full-width letters become capital letters.
    init?(typed: String) {
        guard typed.utf8.count <= 128 else { return nil }
        var text = String.UnicodeScalarView()
        for scalar in typed.unicodeScalars {
            switch TypedCharacter(scalar) {
            case .space, .dash, .invisible, .lineBreak: continue
            case .digit(let digit): text.append(Unicode.Scalar(UInt8(ascii: "0") + digit))
            case .other: text.append(Self.capital(scalar))
            }
        }
        guard text.count == Self.length, text.allSatisfy(Self.symbols.contains) else { return nil }
        self.text = String(text)
    }

    /// Returns the capital ASCII letter for a Latin letter in any case or width.
    ///
    /// All other characters are returned unchanged.
    private static func capital(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let capital: UInt32 =
            switch scalar.value {
            case 0x61...0x7A: scalar.value - 0x20
            case 0xFF21...0xFF3A: scalar.value - 0xFF21 + 0x41
            case 0xFF41...0xFF5A: scalar.value - 0xFF41 + 0x41
            default: scalar.value
            }
        return Unicode.Scalar(capital) ?? scalar
    }
}
