// SPDX-License-Identifier: Apache-2.0

public import SMSKit
import TextFormats

/// The texts of verification messages.
///
/// A text contains the sender, the action, the validity, and the advice to keep the code secret. The initializer of a service
/// checks the texts of all its languages. After this check, no message needs more segments than ``maximumSegments``. No message
/// contains text that looks like a link or like another code.
public struct MessageTemplates: Sendable {
    /// The maximum number of billed segments per message.
    public let maximumSegments: Int

    /// The languages in which messages are sent; `nil` if every language with a wording can be used.
    public let languages: [MessageLocale]?

    let origin: String?
    let wordings: [MessageLocale: MessageWording]
    let ownLocales: [MessageLocale]
    private let brand: String
    private let brands: [MessageLocale: String]
    private let localeOfRegion: [String: MessageLocale]
    /// The purposes for which at least one wording has its own words for the action (`{action}`).
    private let purposes: Set<OTPPurpose>
    let renderedTexts = RenderedTexts()

    /// Creates the texts, and checks all settings that do not depend on the policy.
    ///
    /// - Parameters:
    ///   - brand: The name of the sender, with 1–20 characters: letters with their marks, up to 3 digits, single spaces, and
    ///     the characters `& ' - . · ・`.
    ///   - localizedBrands: The names of the sender in languages that use a name other than `brand`. A name with characters
    ///     outside the SMS encoding GSM-7 reduces the capacity of a segment from 160 to 70 characters. The message then usually
    ///     needs a second segment.
    ///   - origin: The host of the site that may autofill the code, such as `example.com`; `nil` for none. The origin adds the
    ///     last line `@example.com #123456`. Read the origin from the configuration, never from a request.
    ///   - languages: The languages in which messages are sent; `nil` for every language with a wording. A message is in the
    ///     requested language if this language is available and its text fits. Otherwise the message is in the language of the
    ///     number's region. If the list does not contain that language, the message is in the first language of the list.
    ///   - wordings: Custom wordings, which replace or complement the built-in wordings.
    ///   - maximumSegments: The maximum number of segments per message, from 1 to 8. Gateways bill each segment as one message.
    /// - Throws: ``MessageTemplateError`` with the part that must be changed.
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
        self.purposes = Set(all.values.flatMap(\.actions.keys))
        self.ownLocales = wordings.map(\.locale)
        self.localeOfRegion = localeOfRegion
        try self.checkLanguages()
    }

    /// All languages with a wording, in alphabetical order of their tags.
    public var locales: [MessageLocale] {
        self.wordings.keys.sorted { $0.rawValue < $1.rawValue }
    }

    /// Returns the language that best matches a language tag.
    ///
    /// - Parameter languageTag: A BCP 47 language tag in any case, such as `zh-HK`, `es-419` or `en-GB`.
    /// - Returns: The language, or `nil` if no available language matches the tag.
    public func locale(matching languageTag: String) -> MessageLocale? {
        MessageLocale(matching: languageTag, among: self.languages ?? self.locales)
    }

    /// Returns the language that best matches an `Accept-Language` header.
    ///
    /// - Parameter header: The value of the header, which may be from an untrusted client.
    /// - Returns: The language, or `nil` if the header selects no available language.
    public func locale(acceptLanguage header: String) -> MessageLocale? {
        MessageLocale(acceptLanguage: header, among: self.languages ?? self.locales)
    }

    /// Returns the default language of a region.
    ///
    /// - Parameter region: The region; `nil` for a number without a region.
    /// - Returns: The language whose wording lists the region, or English if no wording lists it. If ``languages`` does not
    ///   contain this language, the method returns the first listed language.
    public func defaultLocale(for region: Region?) -> MessageLocale {
        let locale = region.flatMap { self.localeOfRegion[$0.code] } ?? .english
        guard let languages = self.languages, !languages.contains(locale) else { return locale }
        return languages.first ?? .english
    }

    /// Returns the text of a message.
    ///
    /// - Parameters:
    ///   - code: The code, which has 4–10 ASCII digits and capital letters.
    ///   - purpose: The purpose of the code. The text never contains the name of a custom purpose.
    ///   - locale: The language of the message. Without a wording in this language, the text is in English.
    ///   - lifetime: The validity of the code. The text states the validity in whole minutes, rounded down, but at least 1.
    /// - Returns: The most complete text that fits into the allowed segments, or the shortest text if no text fits.
    public func text(code: String, purpose: OTPPurpose, locale: MessageLocale, lifetime: Duration) -> String {
        precondition(
            (4...10).contains(code.utf8.count)
                && code.utf8.allSatisfy { $0.isASCIIDigit || $0.isASCIIUppercaseLetter },
            "a code has 4 to 10 ASCII digits or capital letters"
        )
        return self.rendered(code, purpose, locale, lifetime).text(with: code)
    }

    /// Returns the text of a message in the requested language if this text fits; otherwise in the default language of the
    /// region.
    func text(
        code: String,
        purpose: OTPPurpose,
        asked locale: MessageLocale?,
        region: Region?,
        lifetime: Duration
    ) -> String {
        let byDefault = self.defaultLocale(for: region)
        if let locale, locale != byDefault, self.wordings[locale] != nil, self.languages?.contains(locale) ?? true {
            let rendered = self.rendered(code, purpose, locale, lifetime)
            if rendered.fits { return rendered.text(with: code) }
        }
        return self.text(code: code, purpose: purpose, locale: byDefault, lifetime: lifetime)
    }

    /// Returns the parts of a message before and after its code.
    ///
    /// The parts are the same for all codes of one length, so the service stores them for later messages.
    private func rendered(
        _ code: String,
        _ purpose: OTPPurpose,
        _ locale: MessageLocale,
        _ lifetime: Duration
    ) -> RenderedTexts.Text {
        let minutes = Self.minutes(in: lifetime)
        // A back end can invent any number of purposes. Their texts are equal.
        let worded = self.purposes.contains(purpose) ? purpose : nil
        let key = RenderedTexts.Key(locale: locale, purpose: worded, minutes: minutes, length: code.utf8.count)
        return self.renderedTexts.text(of: key) {
            let draft = self.message(code, purpose, locale, minutes)
            let fitting = draft.pattern(fitting: self.maximumSegments)
            let pattern = fitting ?? draft.wording.texts[draft.wording.texts.count - 1]
            return RenderedTexts.Text(parts: draft.partsAroundCode(of: pattern), fits: fitting != nil)
        }
    }

    /// Returns the number of whole minutes in a lifetime, clamped to the range from 1 to 999.
    static func minutes(in lifetime: Duration) -> Int {
        // A number of at most three digits cannot be mistaken for a code.
        Int(min(max(lifetime.components.seconds / 60, 1), 999))
    }

    func message(_ code: String, _ purpose: OTPPurpose?, _ locale: MessageLocale, _ minutes: Int) -> MessageDraft {
        let wording = self.wordings[locale] ?? self.wordings[.english] ?? .english
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
