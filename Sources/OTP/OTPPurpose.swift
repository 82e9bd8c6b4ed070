// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The action that a code confirms.
///
/// A code for one purpose can never be verified for another purpose.
public struct OTPPurpose: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// The name, which has 1–64 characters of `a-z`, `0-9`, `.`, `_` and `-`.
    public let rawValue: String

    /// Creates a custom purpose, or returns `nil` if the name is invalid.
    ///
    /// - Parameter rawValue: The name, with 1–64 characters of `a-z`, `0-9`, `.`, `_` and `-`.
    public init?(rawValue: String) {
        guard (1...64).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) {
        self.rawValue = rawValue
    }

    /// The creation of an account.
    public static var registration: Self { Self(known: "registration") }
    /// A sign-in to an existing account.
    public static var signIn: Self { Self(known: "sign-in") }
    /// The reset of a forgotten password.
    public static var passwordReset: Self { Self(known: "password-reset") }
    /// The change of an account's phone number.
    public static var phoneNumberChange: Self { Self(known: "phone-number-change") }

    /// The name of the purpose.
    public var description: String { self.rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isASCIILowercaseLetter || byte.isASCIIDigit || "._-".utf8.contains(byte)
    }
}
