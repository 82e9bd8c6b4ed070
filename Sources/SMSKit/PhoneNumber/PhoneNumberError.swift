// SPDX-License-Identifier: Apache-2.0

/// The reason why a text is not a phone number of the numbering plan.
///
/// The error contains no digit of the text, so the error can be logged.
public struct PhoneNumberError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The code of a phone number error.
    ///
    /// Later versions may add codes.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case empty, invalidCharacter, severalNumbers, `extension`, tooShort, tooLong, impossibleLength
            case missingCallingCode, unknownCallingCode, invalidNationalNumber
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The text contains no digit.
        public static var empty: Self { .init(.empty) }
        /// The text contains a letter, a control character or another character that is not allowed in phone numbers.
        public static var invalidCharacter: Self { .init(.invalidCharacter) }
        /// The text contains a character that separates list items, such as a comma, so it may contain several numbers.
        public static var severalNumbers: Self { .init(.severalNumbers) }
        /// The text contains an extension, which text messages cannot reach.
        public static var `extension`: Self { .init(.extension) }
        /// The number has fewer digits than every number of its region.
        public static var tooShort: Self { .init(.tooShort) }
        /// The text has more digits than any number of the region, more than 15 digits with the calling code, or too many
        /// characters.
        public static var tooLong: Self { .init(.tooLong) }
        /// The length of the number is impossible, although the region has shorter and longer numbers.
        public static var impossibleLength: Self { .init(.impossibleLength) }
        /// The number has no calling code, and there is no default region.
        public static var missingCallingCode: Self { .init(.missingCallingCode) }
        /// The calling code does not exist.
        public static var unknownCallingCode: Self { .init(.unknownCallingCode) }
        /// The part after the calling code is not a number of the numbering plan.
        public static var invalidNationalNumber: Self { .init(.invalidNationalNumber) }

        /// The name of the code, which can serve as a metric label.
        public var description: String { self.base.rawValue }
    }

    /// The code of the error.
    public let code: Code

    /// An explanation for people, without any digit of the text.
    public let message: String

    /// The main region of the calling code, if the length of the number is wrong; otherwise `nil`.
    public let region: Region?

    /// The possible lengths of the national number in ascending order, if the length is wrong; otherwise empty.
    public let possibleLengths: [Int]

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The code of the error.
    ///   - message: An explanation for people, without any digit of the text.
    ///   - region: The main region of the calling code, if the length of the number is wrong.
    ///   - possibleLengths: The possible lengths of the national number in digits, in ascending order.
    public init(_ code: Code, _ message: String, region: Region? = nil, possibleLengths: [Int] = []) {
        self.code = code
        self.message = message
        self.region = region
        self.possibleLengths = possibleLengths
    }

    /// Creates the error for a national number of an impossible length.
    init(length: Int, in code: CallingCode) {
        let lengths = code.possibleLengths
        let fault: Code =
            length < lengths[0] ? .tooShort : length > lengths[lengths.count - 1] ? .tooLong : .impossibleLength
        let subject = code.regions.first.map { "numbers of \($0)" } ?? "numbers with this calling code"
        self.init(
            fault,
            "\(subject) have \(Self.list(lengths)) digits after the calling code, not \(length)",
            region: code.regions.first,
            possibleLengths: lengths
        )
    }

    private static func list(_ lengths: [Int]) -> String {
        let (first, last) = (lengths[0], lengths[lengths.count - 1])
        if lengths.count > 2, last - first == lengths.count - 1 { return "\(first) to \(last)" }
        let head = lengths.dropLast().map { "\($0)" }.joined(separator: ", ")
        return head.isEmpty ? "\(last)" : "\(head) or \(last)"
    }

    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
