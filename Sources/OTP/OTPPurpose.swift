/// What a code is asked for; a code for one purpose is never right for another.
public struct OTPPurpose: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The name, 1–64 characters of `a-z`, `0-9`, `.`, `_` and `-`.
    public let rawValue: String

    /// Creates a purpose of the caller's own, or gives `nil` if the name is not a valid one.
    ///
    /// - Parameter rawValue: The name, 1–64 characters of `a-z`, `0-9`, `.`, `_` and `-`.
    public init?(rawValue: String) {
        guard (1...64).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) {
        self.rawValue = rawValue
    }

    /// Someone creates an account.
    public static var registration: Self { Self(known: "registration") }
    /// Someone signs in to their account.
    public static var signIn: Self { Self(known: "sign-in") }
    /// Someone who cannot sign in asks for a new password.
    public static var passwordReset: Self { Self(known: "password-reset") }
    /// Someone gives their account another phone number.
    public static var phoneNumberChange: Self { Self(known: "phone-number-change") }

    /// The name.
    public var description: String { self.rawValue }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
