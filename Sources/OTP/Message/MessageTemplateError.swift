/// Why message texts cannot be used as they are configured.
public struct MessageTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String { case invalidBrand, invalidOrigin, invalidCodeLength, tooLong, ambiguousText }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The brand is not one that can stand in a message.
        public static var invalidBrand: Self { .init(.invalidBrand) }
        /// The origin is not a host name.
        public static var invalidOrigin: Self { .init(.invalidOrigin) }
        /// The length of the longest code is not 4–10.
        public static var invalidCodeLength: Self { .init(.invalidCodeLength) }
        /// A text would be billed as more than one message.
        public static var tooLong: Self { .init(.tooLong) }
        /// A text would show the code more than once, something like a code, or something like a link.
        public static var ambiguousText: Self { .init(.ambiguousText) }

        /// A short name without dynamic values.
        public var description: String { self.base.rawValue }
    }

    /// What is wrong.
    public let code: Code

    /// The language whose text is at fault, if it is one.
    public let locale: MessageLocale?

    /// A sentence for the person who configures the service.
    public let message: String

    init(_ code: Code, _ message: String, locale: MessageLocale? = nil) {
        self.code = code
        self.locale = locale
        self.message = message
    }

    /// The code, the language and the message.
    public var description: String {
        "\(self.code): \(self.locale.map { "\($0): " } ?? "")\(self.message)"
    }
}
