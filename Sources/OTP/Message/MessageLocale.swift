/// A language that verification messages are written in.
///
/// Its constant and its text are in one file of `Languages/`, and ``MessageWording/builtIn`` lists the texts.
public struct MessageLocale: Sendable, Hashable, CustomStringConvertible {
    /// The BCP 47 language tag, such as `zh-Hans`.
    public let rawValue: String

    init(builtIn rawValue: String) {
        self.rawValue = rawValue
    }

    /// Names a language for a text of the application's own, or returns `nil` if the tag is malformed.
    ///
    /// - Parameter languageTag: A BCP 47 language tag of a language and, if needed, a script and a region, in any case,
    ///   such as `sv`, `sr-Latn` or `pt-BR`.
    public init?(languageTag: String) {
        guard let tag = LanguageTag(languageTag), !tag.hasMore else { return nil }
        self.rawValue = tag.description
    }

    /// Every language that has a built-in text.
    public static var all: [Self] { MessageWording.builtIn.map(\.locale) }

    /// Finds the built-in language that serves a language tag, or returns `nil` if there is none.
    ///
    /// Traditional Chinese, by script or by region, is not served by simplified Chinese.
    ///
    /// - Parameter languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    public init?(matching languageTag: String) {
        self.init(matching: languageTag, among: Self.all)
    }

    /// Finds the language that serves a language tag best, or returns `nil` if none does.
    ///
    /// A language of the same region comes first, then one without a region, then the first of the list.
    ///
    /// - Parameters:
    ///   - languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    ///   - locales: The languages to choose from.
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
