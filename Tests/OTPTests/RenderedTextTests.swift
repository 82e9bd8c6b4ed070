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
            }
        }
    }

    @Test func theNumberOfStoredTextsIsLimited() {
        let texts = RenderedTexts()
        for minutes in 0..<RenderedTexts.maximum + 10 {
            let draft = MessageDraft(wording: .english, brand: "Acme", code: "1234", action: "", minutes: minutes)
            let text = texts.text(of: draft) { RenderedTexts.Text(parts: ["a\(minutes) ", "."], fits: true) }
            #expect(text.text(with: "1234") == "a\(minutes) 1234.")
        }
        #expect(texts.count == RenderedTexts.maximum)
    }
}
