// SPDX-License-Identifier: Apache-2.0

/// A language of verification messages.
///
/// The built-in languages are in ``all``. A ``MessageWording`` adds a language, or changes the texts of a language.
public struct MessageLocale: Sendable, Hashable, CustomStringConvertible {
    /// The BCP 47 language tag, such as `zh-Hans`.
    public let rawValue: String

    init(builtIn rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates the language of a custom wording, or returns `nil` if the tag is malformed or contains a subtag such as a
    /// variant.
    ///
    /// - Parameter languageTag: A BCP 47 tag in any case, with an optional script and region, such as `sv`, `sr-Latn` or
    ///   `pt-BR`.
    public init?(languageTag: String) {
        guard let tag = LanguageTag(languageTag), !tag.hasMore else { return nil }
        self.rawValue = tag.description
    }

    /// Every language with a built-in text.
    public static var all: [Self] { MessageWording.builtIn.map(\.locale) }

    /// Creates the built-in language that matches a language tag, or returns `nil` if no language matches.
    ///
    /// A tag for traditional Chinese, such as `zh-Hant`, `zh-TW` or `zh-HK`, does not match simplified Chinese.
    ///
    /// - Parameter languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    public init?(matching languageTag: String) {
        self.init(matching: languageTag, among: Self.all)
    }

    /// Creates the language that best matches a language tag, or returns `nil` if no language matches.
    ///
    /// If several languages match, the initializer chooses in this order:
    ///
    /// 1. a language with the same region,
    /// 2. a language without a region,
    /// 3. the first matching language.
    ///
    /// - Parameters:
    ///   - languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    ///   - locales: The available languages.
    public init?(matching languageTag: String, among locales: [MessageLocale]) {
        guard let wanted = LanguageTag(languageTag) else { return nil }
        let tags = locales.compactMap { locale in LanguageTag(locale.rawValue).map { (locale: locale, tag: $0) } }
            .filter { $0.tag.serves(wanted) }
        let best =
            tags.first { $0.tag.region == wanted.region } ?? tags.first { $0.tag.region == nil } ?? tags.first
        guard let best else { return nil }
        self = best.locale
    }

    /// The language tag.
    public var description: String { self.rawValue }
}

extension MessageLocale: Codable {
    /// Decodes a language from its tag.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let locale = Self(languageTag: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "malformed language tag")
        }
        self = locale
    }

    /// Encodes the language tag.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}
