// SPDX-License-Identifier: Apache-2.0

/// The fault of a text that is not a phone number of the numbering plan.
///
/// It repeats no digit of the text, and can be logged.
public struct PhoneNumberError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The fault of a text.
    ///
    /// More codes may follow in later versions.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case empty, invalidCharacter, severalNumbers, `extension`, tooShort, tooLong, impossibleLength
            case missingCallingCode, unknownCallingCode, invalidNationalNumber
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The text contains no digit.
        public static var empty: Self { .init(.empty) }
        /// The text contains a letter, a control character or another character that no phone number has.
        public static var invalidCharacter: Self { .init(.invalidCharacter) }
        /// The text contains a separator of lists.
        public static var severalNumbers: Self { .init(.severalNumbers) }
        /// The text names an extension, which no message can reach.
        public static var `extension`: Self { .init(.extension) }
        /// The number has fewer digits than any number of its region.
        public static var tooShort: Self { .init(.tooShort) }
        /// The number has more digits than any number of its region, or more than 15 with its calling code.
        public static var tooLong: Self { .init(.tooLong) }
        /// No number of the region has this number of digits, although there are shorter and longer ones.
        public static var impossibleLength: Self { .init(.impossibleLength) }
        /// The number has no calling code, and there is no default region.
        public static var missingCallingCode: Self { .init(.missingCallingCode) }
        /// The calling code does not exist.
        public static var unknownCallingCode: Self { .init(.unknownCallingCode) }
        /// The part after the calling code is not a number of the numbering plan.
        public static var invalidNationalNumber: Self { .init(.invalidNationalNumber) }

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }

    /// The fault.
    public let code: Code

    /// The explanation for people, without any digit of the text.
    public let message: String

    /// The main region of the number's calling code, if the number of digits is the fault.
    public let region: Region?

    /// The possible numbers of digits after the calling code, in ascending order, if the number of digits is the fault.
    public let possibleLengths: [Int]

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The fault.
    ///   - message: The explanation for people, without any digit of the text.
    ///   - region: The main region of the calling code, if the number of digits is the fault.
    ///   - possibleLengths: The possible numbers of digits after the calling code, in ascending order.
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
