/// A phone number in E.164 form: a plus sign, a calling code that exists, and at most 15 digits in all.
///
/// Spellings that differ in what people put between or before the digits give the same value, and digits beyond the
/// longest number of a country are refused. Still, two values can reach one telephone: where a country's numbers differ
/// in length, a short one with surplus digits passes; and in Argentina a mobile telephone may be reached with and
/// without the 9 after the calling code, which cannot be folded, since without it the number may be a landline. The
/// `15` that is dialled inside Argentina is refused after `+54`.
///
/// Whether someone has the number is not known here. Its `description` is masked; ``e164`` is the one way to the
/// digits.
public struct PhoneNumber: Sendable, Hashable {
    /// What a number reaches, and so whether a message to it can be wanted.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A number of a region that is not known to be of another kind.
        case geographic
        /// A number whose callers pay its owner.
        case premium
        /// A satellite telephone.
        case satellite
        /// A freephone, shared-cost, personal or machine number.
        case service
    }

    /// The number in full, as `+` and 8 to 15 digits, or 7 in a few small countries.
    ///
    /// It is personal data: never log it.
    public let e164: String

    /// Reads a number that is already in canonical form.
    ///
    /// - Parameter e164: `+` and 7 to 15 ASCII digits that begin with a calling code that exists.
    public init?(e164: String) {
        let digits = Array(e164.utf8.dropFirst())
        guard
            e164.utf8.first == UInt8(ascii: "+"),
            digits.count <= 15,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let canonical = try? PhoneNumberParser.canonical(digits),
            canonical == digits
        else { return nil }
        self.e164 = e164
    }

    /// Reads a number as people write it.
    ///
    /// Spaces, hyphens, dots, brackets and invisible marks are dropped, and the decimal digits of every script are read.
    /// The number must begin with `+` and a calling code, unless a default region is given.
    ///
    /// - Parameters:
    ///   - text: One phone number.
    ///   - defaultRegion: The region whose national numbers, and whose `00` or `011`, are understood; not every region's
    ///     national numbers are.
    /// - Throws: What is wrong with the text, without repeating it.
    public init(_ text: String, defaultRegion: Region? = nil) throws(PhoneNumberError) {
        let digits = try PhoneNumberParser.digits(of: text, defaultRegion: defaultRegion)
        self.e164 = "+" + String(decoding: digits, as: UTF8.self)
    }

    /// The calling code without a plus sign, such as `86`.
    public var callingCode: String { String(self.e164.dropFirst().prefix(self.entry?.codeLength ?? 0)) }

    /// The country or territory of the number, or `nil` for one that belongs to none, such as a satellite telephone.
    public var region: Region? { self.entry?.region }

    /// What the number reaches, as far as its first digits tell.
    public var kind: Kind { self.entry?.kind ?? .service }

    private var entry: CallingCodeTable.Entry? { CallingCodeTable.shared.entry(of: self.e164.utf8.dropFirst()) }
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The masked number, such as `+44****23`, or `+86138****00` in mainland China.
    public var description: String {
        let shown = self.callingCode == "86" ? 3 : 0
        return "\(self.e164.prefix(1 + self.callingCode.utf8.count + shown))****\(self.e164.suffix(2))"
    }

    /// The same as ``description``.
    public var debugDescription: String { self.description }

    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
