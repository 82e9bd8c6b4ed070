// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import OTP

@Suite struct RenderedTextTests {
    /// Templates whose texts have different lengths, brands and last lines.
    private static let templates: [MessageTemplates] =
        [1, 2]
        .flatMap { segments in
            [nil, "example.com"]
                .compactMap { origin in
                    try? MessageTemplates(
                        brand: "Acme",
                        localizedBrands: [.simplifiedChinese: "某某"],
                        origin: origin,
                        maximumSegments: segments
                    )
                }
        }

    @Test func aStoredTextIsTheTextThatIsRenderedForEachMessage() throws {
        try #require(Self.templates.count == 4)
        for templates in Self.templates {
            for code in ["0482", "048213", "A1B2C3D4E5", "999999", "0482"] {
                for locale in templates.locales {
                    for (purpose, seconds) in [(OTPPurpose.signIn, 300), (.registration, 600), (.signIn, 600)] {
                        let draft = templates.message(code, purpose, locale, seconds / 60)
                        let expected = draft.fitting(templates.maximumSegments) ?? draft.texts[draft.texts.count - 1]
                        let text = templates.text(
                            code: code,
                            purpose: purpose,
                            locale: locale,
                            lifetime: .seconds(seconds)
                        )
                        #expect(text == expected)
                    }
                }
            }
        }
    }

    @Test func aTextThatDoesNotFitIsNotStoredAsFitting() throws {
        let templates = try MessageTemplates(brand: "Acme Corporation Ltd", origin: "accounts.example-shop.com")
        var fits: Set<Bool> = []
        for code in ["048213", "731902"] {
            for locale in templates.locales where locale != .english {
                let fitting = templates.message(code, .signIn, locale, 5).fitting(templates.maximumSegments)
                let byDefault = templates.text(
                    code: code,
                    purpose: .signIn,
                    locale: .english,
                    lifetime: .seconds(300)
                )
                let text = templates.text(
                    code: code,
                    purpose: .signIn,
                    asked: locale,
                    region: .singapore,
                    lifetime: .seconds(300)
                )
                #expect(text == fitting ?? byDefault)
                fits.insert(fitting != nil)
            }
        }
        #expect(fits == [true, false])
    }

    @Test(arguments: [true, false])
    func aCustomEnglishWordingAlsoServesLanguagesWithoutAWording(isUnknownFirst: Bool) throws {
        let english = try MessageWording(
            .english,
            texts: ["{brand}: your own code is {code}. Valid for {validity}. Never share it."]
        )
        let templates = try MessageTemplates(brand: "Acme", wordings: [english])
        let unknown = try #require(MessageLocale(languageTag: "sv"))
        for locale in isUnknownFirst ? [unknown, .english] : [.english, unknown] {
            let text = templates.text(code: "048213", purpose: .signIn, locale: locale, lifetime: .seconds(300))
            #expect(text.hasPrefix("Acme: your own code is 048213."))
        }
    }

    @Test func purposesWithoutWordsShareOneStoredText() throws {
        let (own, other) = (try #require(OTPPurpose(rawValue: "vote")), OTPPurpose(rawValue: "pay-"))
        let english = try MessageWording(
            .english,
            texts: ["{brand}: {code} is your code to {action}. Valid for {validity}. Never share it."],
            actions: [own: "vote"]
        )
        let templates = try MessageTemplates(brand: "Acme", wordings: [english])
        func text(_ purpose: OTPPurpose) -> String {
            templates.text(code: "048213", purpose: purpose, locale: .english, lifetime: .seconds(300))
        }
        let texts = try (0..<100).map { text(try #require(OTPPurpose(rawValue: "pay-\($0)"))) }
        #expect(Set(texts) == [text(try #require(other))])
        #expect(templates.renderedTexts.count == 1)
        #expect(text(own) == "Acme: 048213 is your code to vote. Valid for 5 minutes. Never share it.")
        #expect(text(own) != texts[0] && templates.renderedTexts.count == 2)
    }

    @Test func theNumberOfStoredTextsIsLimited() {
        let texts = RenderedTexts()
        for minutes in 0..<RenderedTexts.maximum + 10 {
            let key = RenderedTexts.Key(locale: .english, purpose: .signIn, minutes: minutes, length: 4)
            let text = texts.text(of: key) { RenderedTexts.Text(parts: ["a\(minutes) ", "."], fits: true) }
            #expect(text.text(with: "1234") == "a\(minutes) 1234.")
        }
        #expect(texts.count == 10)
    }
}
