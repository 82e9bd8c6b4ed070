/// A phone number in E.164 form: a plus sign, a calling code, and at most 15 digits in all.
///
/// Its `description` is masked; ``e164`` is the one way to the digits.
public struct PhoneNumber: Sendable, Hashable {
    /// The number in full: `+` and 8 to 15 digits. It is personal data: never log it.
    public let e164: String

    /// Reads a number that is already in canonical form.
    ///
    /// - Parameter e164: `+` and 8 to 15 ASCII digits, the first not zero.
    public init?(e164: String) {
        let digits = e164.utf8.dropFirst()
        guard
            e164.utf8.first == UInt8(ascii: "+"),
            (8...15).contains(digits.count),
            digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.e164 = e164
    }
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The masked number: its first digits and its last two.
    public var description: String { "\(self.e164.prefix(3))****\(self.e164.suffix(2))" }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
