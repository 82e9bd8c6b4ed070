// SPDX-License-Identifier: Apache-2.0

/// A mistake in the configuration of message texts.
public struct MessageTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of mistake.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case invalidBrand, invalidOrigin, invalidWording, invalidLanguages, invalidMaximumSegments
            case tooLong, ambiguousText
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The brand, which is the name of the sender, is not suitable for a message.
        public static var invalidBrand: Self { .init(.invalidBrand) }
        /// The configured origin is not a host name in lower case, such as `example.com`.
        ///
        /// The last line of a message contains the origin.
        public static var invalidOrigin: Self { .init(.invalidOrigin) }
        /// A custom wording is incomplete or malformed.
        public static var invalidWording: Self { .init(.invalidWording) }
        /// A listed language has no wording, a requested language is not available, or the list of languages is empty.
        public static var invalidLanguages: Self { .init(.invalidLanguages) }
        /// The maximum number of segments is not in the range from 1 to 8.
        public static var invalidMaximumSegments: Self { .init(.invalidMaximumSegments) }
        /// A text would need more than the maximum number of segments.
        public static var tooLong: Self { .init(.tooLong) }
        /// A text would contain the code twice, digits that look like a code, or a part that looks like a link.
        public static var ambiguousText: Self { .init(.ambiguousText) }

        /// The name of the kind, such as `invalidBrand`.
        public var description: String { self.base.rawValue }
    }

    /// The part of the configuration that must be changed.
    public struct Subject: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String { case brand, origin, wording, languages, maximumSegments }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The brand, which is the name of the sender.
        public static var brand: Self { .init(.brand) }
        /// The origin, which is the host in the last line of a message.
        public static var origin: Self { .init(.origin) }
        /// The wording of a language.
        public static var wording: Self { .init(.wording) }
        /// The list of languages.
        public static var languages: Self { .init(.languages) }
        /// The maximum number of segments.
        public static var maximumSegments: Self { .init(.maximumSegments) }

        /// The name of the part, such as `brand`.
        public var description: String { self.base.rawValue }
    }

    /// The kind of the mistake.
    public let code: Code

    /// The part of the configuration that must be changed.
    public let subject: Subject

    /// The language of the faulty text; `nil` if the mistake concerns all languages.
    public let locale: MessageLocale?

    /// An explanation for the person who configures the service.
    public let message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the mistake.
    ///   - message: An explanation for the person who configures the service.
    ///   - locale: The language of the faulty text; `nil` if the mistake concerns all languages.
    ///   - subject: The part of the configuration that must be changed.
    public init(_ code: Code, _ message: String, locale: MessageLocale? = nil, subject: Subject) {
        self.code = code
        self.subject = subject
        self.locale = locale
        self.message = message
    }

    /// The kind of the mistake, the language and the explanation.
    public var description: String {
        "\(self.code): \(self.locale.map { "\($0): " } ?? "")\(self.message)"
    }
}
