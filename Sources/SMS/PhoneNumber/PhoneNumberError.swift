/// Why a text is not a phone number that can be used.
///
/// It says what is wrong without repeating any digit of the text, and can be logged.
public struct PhoneNumberError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with the text.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case empty, invalidCharacter, severalNumbers, `extension`, tooShort, tooLong
            case missingCallingCode, unknownCallingCode, invalidNationalNumber
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The text holds no digit.
        public static var empty: Self { .init(.empty) }
        /// The text holds a letter, a control character or another character that no phone number has.
        public static var invalidCharacter: Self { .init(.invalidCharacter) }
        /// The text holds a separator of lists.
        public static var severalNumbers: Self { .init(.severalNumbers) }
        /// The text names an extension, which no message can reach.
        public static var `extension`: Self { .init(.extension) }
        /// The number has fewer than 8 digits, as short codes have.
        public static var tooShort: Self { .init(.tooShort) }
        /// The number has more than 15 digits, or more than its numbering plan allows.
        public static var tooLong: Self { .init(.tooLong) }
        /// The number has no calling code, and there is no default region.
        public static var missingCallingCode: Self { .init(.missingCallingCode) }
        /// No one has the calling code.
        public static var unknownCallingCode: Self { .init(.unknownCallingCode) }
        /// The part after the calling code is not one that the numbering plan has.
        public static var invalidNationalNumber: Self { .init(.invalidNationalNumber) }

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }

    /// What is wrong with the text.
    public let code: Code

    /// A sentence for a person, without any digit of the text.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
