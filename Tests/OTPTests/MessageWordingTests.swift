// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Testing

/// Tests that custom wordings are checked like the built-in wordings.
@Suite struct MessageWordingTests {
    static let swedish = "{brand}: {code} är din kod för att {action}. Giltig i {validity}. Dela den aldrig."

    static func locale(_ tag: String) throws -> MessageLocale { try #require(MessageLocale(languageTag: tag)) }

    static func wording(_ texts: [String]) throws -> MessageWording {
        try MessageWording(
            Self.locale("sv"),
            texts: texts,
            actions: [.signIn: "logga in"],
            otherAction: "bekräfta din begäran",
            minutes: [.one: "1 minut", .other: "{minutes} minuter"],
            regions: [try #require(Region("SE"))]
        )
    }

    @Test func customLanguageIsSentToItsRegion() throws {
        let templates = try MessageTemplates(brand: "Acme", wordings: [try Self.wording([Self.swedish])])
        let sweden = try #require(Region("SE"))
        #expect(templates.defaultLocale(for: sweden).rawValue == "sv")
        #expect(templates.locale(matching: "sv-FI")?.rawValue == "sv")
        #expect(try templates.check(for: OTPPolicy(destinations: [sweden])) == 1)
        let locale = try Self.locale("sv")
        #expect(
            templates.text(code: "048213", purpose: .signIn, locale: locale, lifetime: .seconds(60))
                == "Acme: 048213 är din kod för att logga in. Giltig i 1 minut. Dela den aldrig."
        )
        let purpose = try #require(OTPPurpose(rawValue: "shop.pay"))
        #expect(
            templates.text(code: "048213", purpose: purpose, locale: locale, lifetime: .seconds(300))
                == "Acme: 048213 är din kod för att bekräfta din begäran. Giltig i 5 minuter. Dela den aldrig."
        )
    }

    @Test func missingPartsAreBuiltIn() throws {
        let purpose = try #require(OTPPurpose(rawValue: "shop.pay"))
        let wording = try MessageWording(.english, actions: [purpose: "confirm your payment"])
        let templates = try MessageTemplates(brand: "Acme", wordings: [wording])
        let text = templates.text(code: "048213", purpose: purpose, locale: .english, lifetime: .seconds(300))
        #expect(text.hasPrefix("Acme verification code 048213 to confirm your payment. Valid for 5 minutes."))
        let signIn = templates.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(300))
        #expect(signIn.contains("to sign in."))

        let brazilian = try MessageWording(Self.locale("pt-BR"), texts: ["{brand}: {code} para {action}, {validity}"])
        let regional = try MessageTemplates(brand: "Acme", wordings: [brazilian])
        #expect(regional.defaultLocale(for: Region("BR")).rawValue == "pt-BR")
        #expect(regional.defaultLocale(for: Region("PT")) == .portuguese)
        #expect(
            regional.text(code: "048213", purpose: .signIn, locale: brazilian.locale, lifetime: .seconds(60))
                == "Acme: 048213 para entrar, 1 minuto"
        )
        #expect(MessageLocale(matching: "pt-br", among: regional.locales) == brazilian.locale)
    }

    @Test(arguments: [
        ([], "no text"), ([""], "{brand}"), (["{code} {brand}"], "{validity}"), (["{brand} {minutes}"], "{code}"),
        (["{brand} {code} {code} {minutes}"], "{code}"), (["{brand}{brand} {code} {minutes}"], "{brand}"),
        (["{brand} {code} {minutes} {validity}"], "{validity}"),
        (["{brand} {code} {minutes} {token}"], "unknown placeholder"),
        (["{brand} {code} {minutes} {"], "brace"), (["{brand} {code} {minutes} }"], "brace"),
        (["{brand} {code} {minutes} {}"], "unknown placeholder"), (["{brand} {code {minutes}"], "brace"),
        (["{brand} {code} {minutes}\nx"], "U+000A"), (["{brand} {code} {minutes}\u{202E}"], "U+202E"),
        (["{brand} {code} {minutes}\u{200B}"], "U+200B"), (["{brand} {code} {minutes}\r"], "U+000D"),
        (["{brand} {code} {minutes} {action} {action}"], "{action}"), ([swedish, "{brand}"], "{code}"),
    ])
    func malformedTextIsRefusedWithItsReason(texts: [String], reason: String) throws {
        let error = #expect(throws: MessageTemplateError.self) { try Self.wording(texts) }
        #expect(error?.code == .invalidWording && error?.subject == .wording && error?.locale?.rawValue == "sv")
        #expect(error?.message.contains(reason) == true, "\(error as Any)")
    }

    @Test(arguments: [
        "{brand} {code} {minutes} 123456", "{brand} {code}{minutes}", "{brand} {code} {minutes} se evil.example",
        "{brand} {code} {minutes} https:x", "{brand} {code} {minutes} @evil", "{brand} {code} {minutes} #1",
        "{brand} {code} {minutes} ١٢٣٤٥٦", "1{code} {brand} {minutes}", "{brand} {code} {minutes} www",
    ])
    func textThatCouldDeceiveIsRefused(text: String) throws {
        let templates = try MessageTemplates(brand: "Acme", wordings: [try Self.wording([text])])
        let error = #expect(throws: MessageTemplateError.self) {
            try templates.check(for: OTPPolicy(destinations: [try #require(Region("SE"))]))
        }
        #expect(error?.code == .ambiguousText && error?.subject == .wording && error?.locale?.rawValue == "sv")
    }

    @Test func errorNamesTheCharacterOfATextThatIsTooLong() throws {
        for (filler, named) in [("a", nil), ("ê", "ê (U+00EA)"), ("ő", "ő (U+0151)"), ("…", "… (U+2026)")]
            as [(String, String?)]
        {
            let text = "{brand}: {code} {minutes} " + filler + String(repeating: "a", count: 160)
            let templates = try MessageTemplates(brand: "Acme", wordings: [try Self.wording([text])])
            let error = #expect(throws: MessageTemplateError.self) {
                try templates.check(for: OTPPolicy(destinations: [try #require(Region("SE"))]))
            }
            #expect(error?.code == .tooLong && error?.subject == .wording)
            #expect(error?.message.contains(named ?? "shorten the text") == true, "\(error as Any)")
        }
    }

    @Test func shorterTextIsSentIfTheCompleteOneDoesNotFit() throws {
        let complete = "{brand}: {code} {minutes} " + String(repeating: "a", count: 140)
        let wording = try Self.wording([complete, "{brand}: {code} {minutes}"])
        for (brand, isComplete) in [("A", true), ("AB", true), (String(repeating: "A", count: 20), false)] {
            let templates = try MessageTemplates(brand: brand, wordings: [wording])
            let text = templates.text(code: "048213", purpose: .signIn, locale: wording.locale, lifetime: .seconds(300))
            #expect((text.count > 100) == isComplete, "\(text)")
        }
    }

    @Test(arguments: [161, 200, 400])
    func shortestTextIsSentWhereNoneFits(length: Int) throws {
        let texts = [300, 250, 0].map { "{brand}: {code} {minutes} " + String(repeating: "a", count: length + $0) }
        let wording = try Self.wording(texts)
        let templates = try MessageTemplates(brand: "Acme", wordings: [wording])
        let text = templates.text(code: "048213", purpose: .signIn, locale: wording.locale, lifetime: .seconds(300))
        #expect(text == "Acme: 048213 5 " + String(repeating: "a", count: length))
    }

    @Test(arguments: [
        ("ru", [1: "one", 2: "few", 4: "few", 5: "many", 11: "many", 21: "one", 22: "few"]),
        ("pl", [1: "one", 2: "few", 5: "many", 12: "many", 21: "many", 22: "few"]),
        ("cs", [1: "one", 2: "few", 4: "few", 5: "other"]), ("sl", [1: "one", 2: "two", 3: "few", 5: "other"]),
        ("ar", [1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other"]),
        ("lt", [1: "one", 2: "few", 10: "other", 11: "other", 21: "one"]), ("lv", [1: "one", 2: "other", 10: "zero"]),
        ("ro", [1: "one", 2: "few", 19: "few", 20: "other"]), ("he", [1: "one", 2: "two", 3: "other"]),
        ("ga", [1: "one", 2: "two", 3: "few", 7: "many", 11: "other"]), ("is", [1: "one", 11: "other", 21: "one"]),
        ("sr-Latn", [1: "one", 2: "few", 5: "other"]), ("ja", [1: "other", 2: "other"]),
        ("sv", [1: "one", 2: "other"]),
        ("fil", [1: "one", 4: "other", 5: "one"]), ("uk", [1: "one", 3: "few", 5: "many"]),
    ])
    func numberHasItsGrammaticalForm(tag: String, forms: [Int: String]) throws {
        let minutes = PluralCategory.allCases.map { ($0, "{minutes} \($0.rawValue)") }
        let wording = try MessageWording(
            Self.locale(tag),
            texts: ["{brand} {code} ({validity})"],
            minutes: Dictionary(uniqueKeysWithValues: minutes)
        )
        let templates = try MessageTemplates(brand: "Acme", wordings: [wording])
        for (count, form) in forms {
            let lifetime = Duration.seconds(60 * count)
            let text = templates.text(code: "048213", purpose: .signIn, locale: wording.locale, lifetime: lifetime)
            #expect(text == "Acme 048213 (\(count) \(form))")
        }
    }
}
