// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Testing

@Suite struct MessageTests {
    static let purposes: [OTPPurpose] =
        [.registration, .signIn, .passwordReset, .phoneNumberChange]
        + [OTPPurpose(rawValue: "shop.pay_1234567")].compactMap(\.self)

    static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        (
            OTPPurpose.registration,
            "Acme verification code 048213 to create your account. Valid for 5 minutes. Never share it. "
                + "Our staff will never ask for it.",
            "【Acme】验证码048213，用于注册账号，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"
        ),
        (
            .signIn,
            "Acme verification code 048213 to sign in. Valid for 5 minutes. Never share it. Our staff will never ask for it.",
            "【Acme】验证码048213，用于登录，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"
        ),
        (
            .passwordReset,
            "Acme verification code 048213 to reset your password. Valid for 5 minutes. Never share it. "
                + "Our staff will never ask for it.",
            "【Acme】验证码048213，用于重置密码，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"
        ),
        (
            .phoneNumberChange,
            "Acme verification code 048213 to change your phone number. Valid for 5 minutes. Never share it. "
                + "Our staff will never ask for it.",
            "【Acme】验证码048213，用于更换手机号，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"
        ),
    ])
    func textIsTheGoldenOne(purpose: OTPPurpose, english: String, chinese: String) throws {
        let templates = try MessageTemplates(brand: "Acme")
        let lifetime = Duration.seconds(300)
        #expect(templates.text(code: "048213", purpose: purpose, locale: .english, lifetime: lifetime) == english)
        #expect(
            templates.text(code: "048213", purpose: purpose, locale: .simplifiedChinese, lifetime: lifetime) == chinese
        )
    }

    @Test func customPurposeIsNeverNamed() throws {
        let templates = try MessageTemplates(brand: "Acme")
        let purpose = try #require(OTPPurpose(rawValue: "buy-at-evil.example-12345"))
        let english = templates.text(code: "048213", purpose: purpose, locale: .english, lifetime: .seconds(300))
        let chinese = templates.text(
            code: "048213",
            purpose: purpose,
            locale: .simplifiedChinese,
            lifetime: .seconds(300)
        )
        #expect(english.hasPrefix("Acme verification code 048213 to confirm your request. Valid for 5 minutes."))
        #expect(chinese.hasPrefix("【Acme】验证码048213，用于身份验证，5分钟内有效。"))
    }

    @Test func originAddsTheLastLine() throws {
        let templates = try MessageTemplates(
            brand: "示例",
            localizedBrands: [.english: "Acme"],
            origin: "example.com"
        )
        let text = templates.text(code: "048213", purpose: .signIn, locale: .simplifiedChinese, lifetime: .seconds(300))
        #expect(text == "【示例】验证码048213，用于登录，5分钟内有效。请勿告诉他人，工作人员绝不会索要。\n@example.com #048213")
        let english = templates.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(300))
        #expect(english.hasPrefix("Acme verification code 048213") && english.hasSuffix(".\n@example.com #048213"))
    }

    @Test(
        arguments: [
            (0, "1 minute"), (59, "1 minute"), (60, "1 minute"), (119, "1 minute"), (120, "2 minutes"),
            (300, "5 minutes"),
            (359, "5 minutes"), (600, "10 minutes"), (-60, "1 minute"), (86_400, "999 minutes"),
            (Int64.max, "999 minutes"),
        ] as [(Int64, String)]
    )
    func lifeIsWrittenInWholeMinutes(seconds: Int64, words: String) throws {
        let templates = try MessageTemplates(brand: "Acme")
        let text = templates.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(seconds))
        #expect(text.contains("Valid for \(words)."))
    }

    @Test func everyMessageWithAnOriginIsParsedByTheDraft() throws {
        var random = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-")
        var accepted = 0
        for _ in 0..<300 {
            let label = String(
                (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
            )
            let host = label + [".com", ".cn", ".example", ".co.uk"][Int.random(in: 0...3, using: &random)]
            let length = Int.random(in: 4...6, using: &random)
            guard let templates = try? MessageTemplates(brand: "Ac", origin: host) else { continue }
            accepted += 1
            let code = (0..<length).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            for locale in MessageLocale.all {
                for purpose in Self.purposes {
                    let text = templates.text(code: code, purpose: purpose, locale: locale, lifetime: .seconds(300))
                    let parsed = try #require(OriginBoundCode(message: text))
                    #expect(parsed.host == host)
                    #expect(parsed.code == code)
                    #expect(parsed.embeddedHost == nil)
                    #expect(SMSSegmentCount(of: text).segments == 1, "\(text)")
                    let body = text.dropLast("\n@\(host) #\(code)".count)
                    #expect(body.split(whereSeparator: { !"0123456789".contains($0) }).filter { $0 == code }.count == 1)
                }
            }
        }
        #expect(accepted > 75)
    }

    @Test func theParserPassesTheExamplesOfTheDraft() {
        #expect(OriginBoundCode(message: "x\n\n@example.com #747723")?.code == "747723")
        #expect(OriginBoundCode(message: "x\r\n@example.com #747723")?.host == "example.com")
        #expect(OriginBoundCode(message: "@example.com #747723 %shop.example $future")?.embeddedHost == "shop.example")
        for text in [
            "something @example.com #747723", "#747723 %shop.example @example.com", "@example.com code #747723",
            "@example.com  #747723", "@example.com #747723\n", "", "@", "@ #747723", "@example.com #",
        ] {
            #expect(OriginBoundCode(message: text) == nil)
        }
    }

    @Test func messageWithoutAnOriginHasNoLastLine() throws {
        let templates = try MessageTemplates(brand: "Acme")
        for locale in MessageLocale.all {
            let text = templates.text(code: "048213", purpose: .signIn, locale: locale, lifetime: .seconds(300))
            #expect(OriginBoundCode(message: text) == nil)
            #expect(!text.contains("\n"))
        }
    }

    @Test(arguments: [
        "", " ", " Acme", "Acme ", "Ac  me", "Acme\n@evil.example #123456", "Acme\r", "Acme\t", "Acme\u{0}",
        "evil.example", "Acme.com", "51.cn", "a.2b", "Acme..", "https://a.b", "http", "www evil", "a/b", "@Acme",
        "Acme #1", "Acme: 123456",
        "1234",
        "12 34", "1-2-3-4", "Code 999999", "Acme １２３４", "Acme\u{202E}", "Ac\u{200B}me", "Acme😀", "Acme】验证码", "Acme。cn",
        "Acme．cn", "Acme{x}", "${code}", "%s", "<b>", "Acme|", "\\(code)", Self.times("M", 21), Self.times("品", 21),
        ".Acme", "HTTP Acme", "a\u{2028}b", "Z\u{301}\u{301}", "Acme,", "\u{301}Acme", "Ac \u{301}me", "7\u{20E3}",
        "Q\u{300}\u{301}\u{302}", "क\u{902}\u{902}", "Ac\u{3164}me", "Ac\u{115F}me", "Ac\u{34F}me", "Acme\u{FE0F}",
        "Acme٣٤٥٦", "Acme\u{AD}", "Ac\u{FFA0}me", "Acme\u{2066}", "\u{17B4}Acme",
    ])
    func brandThatCouldDeceiveIsRefused(brand: String) {
        let error = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: brand) }
        #expect(error?.code == .invalidBrand && error?.subject == .brand)
    }

    @Test func errorOfABrandListsEveryAllowedSymbol() throws {
        let error = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: "Acme!") }
        let listed = try #require(error?.message.firstMatch(of: /spaces and (.+) only/)).1.split(separator: " ")
        #expect(listed.map(String.init) == ["&", "'", "-", ".", "·", "・"])
        for symbol in listed { #expect(throws: Never.self) { try MessageTemplates(brand: "A. B \(symbol) C") } }
    }

    @Test(arguments: [
        ("Cafe\u{301}", "Café"), ("Café", "Café"), ("ヤフー", "ヤフー"), ("ﾔﾌｰ", "ﾔﾌｰ"), ("ﾊﾟﾅ", "ﾊﾟﾅ"),
        ("ハ\u{309A}ナソニック", "パナソニック"), ("セブン・イレブン", "セブン・イレブン"), ("Ｙａｈｏｏ", "Ｙａｈｏｏ"), ("日々", "日々"),
        ("फ्लिपकार्ट", "फ्लिपकार्ट"), ("ไทยพาณิชย์", "ไทยพาณิชย์"), ("Việt Nam", "Vie\u{302}\u{323}t Nam"), ("L’Oréal", "L'Oréal"),
        ("Żabka", "Z\u{307}abka"), ("n\u{308}aif", "n\u{308}aif"), ("Marks\u{A0}& Co", "Marks & Co"),
        ("Coca‑Cola", "Coca-Cola"),
        ("مُرسل", "مُرسل"), ("현대", "\u{1112}\u{1167}\u{11AB}\u{1103}\u{1162}"),
    ])
    func lettersAndMarksOfEveryScriptAreTaken(brand: String, shown: String) throws {
        let templates = try MessageTemplates(brand: brand)
        let text = templates.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(300))
        #expect(text.hasPrefix(shown + " "), "\(text)")
        let composed = shown.precomposedStringWithCanonicalMapping
        #expect(text.unicodeScalars.starts(with: composed.unicodeScalars), "\(text)")
    }

    @Test(arguments: ["Acme", "7-Eleven", "51Job", "Marks & Spencer", "L'Oreal", "Acme Inc.", "A. B. Smith", "M"])
    func ordinaryBrandIsTaken(brand: String) throws {
        let templates = try MessageTemplates(brand: brand)
        let text = templates.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(300))
        #expect(text.hasPrefix(brand))
    }

    @Test(arguments: [
        "", "localhost", "Example.com", "example.com.", ".example.com", "example..com", "-a.com", "a-.com", "10.0.0.1",
        "example.com:8443", "https://example.com", "example.com/a", "exa mple.com", "example.com #1", "例子.cn",
        "example.com\n", "a_b.com", "user@example.com", Self.times("a", 64) + ".com",
    ])
    func originThatIsNoHostIsRefused(origin: String) {
        let error = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Ac", origin: origin)
        }
        #expect(error?.code == .invalidOrigin)
    }

    @Test(arguments: ["a1234.cn", "123456.example", "x.9999a.com"])
    func digitsOfTheOriginMustNotLookLikeACode(origin: String) {
        let error = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: "Ac", origin: origin) }
        #expect(error?.code == .ambiguousText && error?.subject == .origin)
    }
}

@Suite struct MessageLocaleTests {
    @Test(
        arguments: [
            ("zh-CN", "zh-Hans"), ("zh-Hans-SG", "zh-Hans"), ("zh", "zh-Hans"), ("ZH-hans", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-Hans-HK", "zh-Hans"), ("en-GB", "en"), ("en", "en"), ("EN-us", "en"), ("en-u-co-hant", "en"),
            ("zh-CN-u-nu-hant", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-Hant", "zh-Hant"), ("zh-HK", "zh-Hant"),
            ("zh-Hant-CN", "zh-Hant"), ("zh-MO", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("zh-cmn-Hans-CN", "zh-Hans"),
            ("zh-yue", "zh-Hant"), ("yue-HK", "zh-Hant"), ("cmn-Hant", "zh-Hant"), ("zh-Latn-TW", "zh-Hant"),
            ("fr", "fr"), ("fr-CA", "fr"), ("pt-BR", "pt"), ("pt-PT", "pt"), ("es-419", "es"), ("ES-mx", "es"),
            ("de-CH-1996", "de"), ("ja-JP", "ja"), ("ko-KR", "ko"), ("ar-EG", "ar"), ("hi-IN", "hi"), ("in-ID", "id"),
            ("tr-TR-u-co-search", "tr"), ("vi-VN", "vi"), ("th-TH", "th"), ("nl-BE", "nl"), ("it-CH", "it"),
            ("pl", "pl"), ("ru-KZ", "ru"), ("sv", nil), ("frr", nil), ("zho", nil), ("", nil), ("eng", nil),
            ("en_GB", nil), ("en-", nil), ("-en", nil), ("en\n", nil), ("*", nil),
            ("e", nil), (String(repeating: "en-", count: 40), nil),
        ] as [(String, String?)]
    )
    func languageTagFindsItsText(tag: String, locale: String?) {
        #expect(MessageLocale(matching: tag)?.rawValue == locale)
    }

    @Test func languageOfTheSameRegionComesFirst() throws {
        let locales = try ["pt", "pt-BR", "pt-AO", "sr-Latn", "sr"].map { try #require(MessageLocale(languageTag: $0)) }
        for (tag, locale) in [
            ("pt-br", "pt-BR"), ("pt-PT", "pt"), ("pt", "pt"), ("pt-AO", "pt-AO"), ("sr-Cyrl", "sr"),
            ("sr-Latn-RS", "sr-Latn"), ("sr-RS", "sr-Latn"),
        ] {
            #expect(MessageLocale(matching: tag, among: locales)?.rawValue == locale, "\(tag)")
        }
        #expect(MessageLocale(matching: "pt-PT", among: [locales[1], locales[2]])?.rawValue == "pt-BR")
    }

    @Test(arguments: [
        ("SV", "sv"), ("sr-latn", "sr-Latn"), ("PT-br", "pt-BR"), ("es-419", "es-419"), ("zh-tw", "zh-Hant-TW"),
        ("zh", "zh-Hans"),
    ])
    func languageOfOnesOwnIsWrittenInTheUsualCase(tag: String, written: String) {
        #expect(MessageLocale(languageTag: tag)?.rawValue == written)
    }

    @Test(arguments: ["", "s", "sv-", "sv_SE", "sv-x-private", "sv-u-co-phonebk", "de-1996", "12", "sv se", "Å"])
    func languageOfOnesOwnHasNoFurtherSubtags(tag: String) {
        #expect(MessageLocale(languageTag: tag) == nil)
    }
}

@Suite struct OTPPurposeTests {
    @Test(arguments: ["", "A", "sign in", "a/b", "a\n", "é", "a:b", String(repeating: "a", count: 65), "{x}", "a\u{0}"])
    func nameOutsideTheAlphabetIsRefused(name: String) { #expect(OTPPurpose(rawValue: name) == nil) }

    @Test(arguments: ["a", "pay.v2", "a_b-c", String(repeating: "z", count: 64), "sign-in"])
    func nameOfTheCallersOwnIsTaken(name: String) { #expect(OTPPurpose(rawValue: name)?.rawValue == name) }

    @Test func knownPurposesHaveTheirNames() {
        for purpose in MessageTests.purposes { #expect(OTPPurpose(rawValue: purpose.rawValue) == purpose) }
        #expect(Set(MessageTests.purposes).count == 5)
    }
}
