// SPDX-License-Identifier: Apache-2.0

public import SMSKit
import TextFormats

/// The texts of verification messages: the sender, the action, the validity, and the advice to keep the code secret.
///
/// A service checks the texts of all its languages when it starts, so that no message costs more segments than
/// ``maximumSegments`` or contains anything that could be mistaken for the code or for a link.
public struct MessageTemplates: Sendable {
    /// The maximum number of billed segments of one message.
    public let maximumSegments: Int

    /// The languages of messages; `nil` if they follow the regions of the numbers.
    public let languages: [MessageLocale]?

    let origin: String?
    let wordings: [MessageLocale: MessageWording]
    let ownLocales: [MessageLocale]
    private let brand: String
    private let brands: [MessageLocale: String]
    private let localeOfRegion: [String: MessageLocale]

    /// Creates the texts, and checks everything that does not depend on the policy.
    ///
    /// - Parameters:
    ///   - brand: The name of the sender, 1–20 letters with their marks, up to 3 digits, single spaces and `& ' - .`.
    ///   - localizedBrands: The name in the languages where it differs. A text in Latin letters needs a name in the
    ///     GSM-7 alphabet to fit one segment.
    ///   - origin: The host of the site that may autofill the code, such as `example.com`, for a last line
    ///     `@example.com #123456`; `nil` omits the line. It must come from the configuration, never from a request.
    ///   - languages: The languages of messages; the first serves numbers of regions whose language is not listed. With
    ///     `nil`, each number gets the language of its region, or the language that a caller requests if it fits.
    ///   - wordings: Custom wordings, which replace or complement the built-in ones.
    ///   - maximumSegments: The maximum number of billed segments of one message, 1–8. Each segment costs as much as a
    ///     message, so 2 doubles the possible bill.
    /// - Throws: ``MessageTemplateError``, which names the part at fault.
    public init(
        brand: String,
        localizedBrands: [MessageLocale: String] = [:],
        origin: String? = nil,
        languages: [MessageLocale]? = nil,
        wordings: [MessageWording] = [],
        maximumSegments: Int = 1
    ) throws(MessageTemplateError) {
        guard (1...8).contains(maximumSegments) else {
            let message = "the maximum number of segments must be 1 to 8"
            throw MessageTemplateError(.invalidMaximumSegments, message, subject: .maximumSegments)
        }
        if let origin { try MessageCheck.origin(origin) }
        self.brand = try MessageBrand.read(brand)
        var brands: [MessageLocale: String] = [:]
        for (locale, brand) in localizedBrands { brands[locale] = try MessageBrand.read(brand, locale: locale) }
        self.brands = brands
        self.origin = origin
        self.languages = languages
        self.maximumSegments = maximumSegments
        var all: [MessageLocale: MessageWording] = [:]
        var localeOfRegion: [String: MessageLocale] = [:]
        for wording in MessageWording.builtIn + wordings {
            all[wording.locale] = wording
            for region in wording.regions { localeOfRegion[region] = wording.locale }
        }
        self.wordings = all
        self.ownLocales = wordings.map(\.locale)
        self.localeOfRegion = localeOfRegion
        try self.checkLanguages()
    }

    /// All languages with a wording, in alphabetical order of their tags.
    public var locales: [MessageLocale] {
        self.wordings.keys.sorted { $0.rawValue < $1.rawValue }
    }

    /// Finds the language that serves a language tag.
    ///
    /// - Parameter languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    /// - Returns: The language; `nil` if no text serves the tag.
    public func locale(matching languageTag: String) -> MessageLocale? {
        MessageLocale(matching: languageTag, among: self.languages ?? self.locales)
    }

    /// Finds the language that serves an `Accept-Language` header best.
    ///
    /// - Parameter header: The value of the header, from an untrusted client.
    /// - Returns: The language; `nil` if no text serves the header.
    public func locale(acceptLanguage header: String) -> MessageLocale? {
        MessageLocale(acceptLanguage: header, among: self.languages ?? self.locales)
    }

    /// Returns the default language of a region.
    ///
    /// - Parameter region: The region; `nil` for a number without a region.
    /// - Returns: The language of the region if it is available, or else the first listed language or English.
    public func defaultLocale(for region: Region?) -> MessageLocale {
        let locale = region.flatMap { self.localeOfRegion[$0.code] } ?? .english
        guard let languages = self.languages, !languages.contains(locale) else { return locale }
        return languages.first ?? .english
    }

    /// Renders the text of one message.
    ///
    /// - Parameters:
    ///   - code: The code: 4–10 ASCII digits and capital letters.
    ///   - purpose: The purpose of the code. The name of a custom purpose is never shown.
    ///   - locale: The language; English if it has no wording.
    ///   - lifetime: The validity of the code, shown in whole minutes, rounded down but at least 1.
    /// - Returns: The most complete text that fits the allowed segments, or else the shortest one.
    public func text(code: String, purpose: OTPPurpose, locale: MessageLocale, lifetime: Duration) -> String {
        precondition(
            (4...10).contains(code.utf8.count)
                && code.utf8.allSatisfy { $0.isASCIIDigit || $0.isASCIIUppercaseLetter },
            "a code has 4 to 10 ASCII digits or capital letters"
        )
        let message = self.message(code, purpose, locale, Self.minutes(in: lifetime))
        return message.fitting(self.maximumSegments) ?? message.texts[message.texts.count - 1]
    }

    /// Renders a message in the requested language if its text fits, or else in the default language.
    func text(
        code: String,
        purpose: OTPPurpose,
        asked locale: MessageLocale?,
        region: Region?,
        lifetime: Duration
    ) -> String {
        let byDefault = self.defaultLocale(for: region)
        if let locale, locale != byDefault, self.wordings[locale] != nil, self.languages?.contains(locale) ?? true,
            let text = self.message(code, purpose, locale, Self.minutes(in: lifetime)).fitting(self.maximumSegments)
        {
            return text
        }
        return self.text(code: code, purpose: purpose, locale: byDefault, lifetime: lifetime)
    }

    /// Returns the whole minutes of a lifetime.
    static func minutes(in lifetime: Duration) -> Int {
        // At most three digits, so that a lifetime is never mistaken for a code.
        Int(min(max(lifetime.components.seconds / 60, 1), 999))
    }

    func message(_ code: String, _ purpose: OTPPurpose?, _ locale: MessageLocale, _ minutes: Int) -> MessageDraft {
        let wording = self.wordings[locale] ?? .english
        return MessageDraft(
            wording: wording,
            brand: self.brands[locale] ?? self.brand,
            code: code,
            action: wording.action(for: purpose),
            minutes: minutes,
            origin: self.origin
        )
    }

    private func checkLanguages() throws(MessageTemplateError) {
        guard let languages = self.languages else { return }
        guard !languages.isEmpty else {
            throw MessageTemplateError(.invalidLanguages, "no language is listed", subject: .languages)
        }
        for locale in languages where self.wordings[locale] == nil {
            throw MessageTemplateError(.invalidLanguages, "there is no text", locale: locale, subject: .languages)
        }
    }
}
