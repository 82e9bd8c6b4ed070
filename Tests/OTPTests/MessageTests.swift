import OTP
import SMS
import Testing

@Suite struct MessageTests {
    static let purposes: [OTPPurpose] =
        [.registration, .signIn, .passwordReset, .phoneNumberChange]
        + [OTPPurpose(rawValue: "shop.pay_1234567")].compactMap(\.self)

    static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test(arguments: [
        (
            OTPPurpose.registration,
            "Acme verification code 048213 to create your account. Valid 5 minutes. Never share it. "
                + "Our staff never ask for it.",
            "【Acme】验证码048213，用于注册账号，5分钟内有效。勿告诉他人，员工绝不索要。"
        ),
        (
            .signIn,
            "Acme verification code 048213 to sign in. Valid 5 minutes. Never share it. Our staff never ask for it.",
            "【Acme】验证码048213，用于登录，5分钟内有效。勿告诉他人，员工绝不索要。"
        ),
        (
            .passwordReset,
            "Acme verification code 048213 to reset your password. Valid 5 minutes. Never share it. "
                + "Our staff never ask for it.",
            "【Acme】验证码048213，用于重置密码，5分钟内有效。勿告诉他人，员工绝不索要。"
        ),
        (
            .phoneNumberChange,
            "Acme verification code 048213 to change your phone number. Valid 5 minutes. Never share it. "
                + "Our staff never ask for it.",
            "【Acme】验证码048213，用于更换手机号，5分钟内有效。勿告诉他人，员工绝不索要。"
        ),
    ])
    func textIsTheGoldenOne(purpose: OTPPurpose, english: String, chinese: String) throws {
        let templates = try MessageTemplates(brand: "Acme")
        let life = Duration.seconds(300)
        #expect(templates.text(code: "048213", purpose: purpose, locale: .english, life: life) == english)
        #expect(templates.text(code: "048213", purpose: purpose, locale: .simplifiedChinese, life: life) == chinese)
    }

    @Test func purposeOfTheCallersOwnIsNeverNamed() throws {
        let templates = try MessageTemplates(brand: "Acme")
        let purpose = try #require(OTPPurpose(rawValue: "buy-at-evil.example-12345"))
        let english = templates.text(code: "048213", purpose: purpose, locale: .english, life: .seconds(300))
        let chinese = templates.text(code: "048213", purpose: purpose, locale: .simplifiedChinese, life: .seconds(300))
        #expect(english.hasPrefix("Acme verification code 048213 to confirm your request. Valid 5 minutes."))
        #expect(chinese.hasPrefix("【Acme】验证码048213，用于身份验证，5分钟内有效。"))
    }

    @Test func originAddsTheLastLine() throws {
        let templates = try MessageTemplates(
            brand: "示例",
            localizedBrands: [.english: "Acme"],
            origin: "example.com",
            longestCode: 6
        )
        let text = templates.text(code: "048213", purpose: .signIn, locale: .simplifiedChinese, life: .seconds(300))
        #expect(text == "【示例】验证码048213，用于登录，5分钟内有效。勿告诉他人，员工绝不索要。\n@example.com #048213")
        let english = templates.text(code: "048213", purpose: .signIn, locale: .english, life: .seconds(300))
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
        let text = templates.text(code: "048213", purpose: .signIn, locale: .english, life: .seconds(seconds))
        #expect(text.contains("Valid \(words)."))
    }

    @Test func everyTextIsOneSegmentAndNamesWhatItMust() throws {
        let templates = try MessageTemplates(brand: Self.times("M", 20))
        for locale in MessageLocale.all {
            for purpose in Self.purposes {
                for code in ["0000", "048213", "9999999999"] {
                    for seconds in [60, 300, 86_400] {
                        let text = templates.text(code: code, purpose: purpose, locale: locale, life: .seconds(seconds))
                        let count = SMSSegmentCount(of: text)
                        #expect(count.segments == 1)
                        #expect(count.encoding == (locale == .english ? .gsm7 : .ucs2))
                        #expect(
                            text.split(whereSeparator: { !"0123456789".contains($0) }).filter { $0.count > 3 }.count
                                == 1
                        )
                        let elements =
                            locale == .english
                            ? ["verification code \(code)", "Never share", "staff never ask", " minute", " to "]
                            : ["验证码\(code)", "勿告诉他人", "员工绝不索要", "分钟内有效", "用于"]
                        for element in elements + [Self.times("M", 20)] { #expect(text.contains(element)) }
                        for link in ["http", "www", "://", "/", "@", "#"] { #expect(!text.contains(link)) }
                    }
                }
            }
        }
    }

    @Test func everyMessageWithAnOriginIsParsedAsTheDraftSays() throws {
        var random = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-")
        var accepted = 0
        for _ in 0..<2_000 {
            let label = String(
                (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
            )
            let host = label + [".com", ".cn", ".example", ".co.uk"][Int.random(in: 0...3, using: &random)]
            let length = Int.random(in: 4...6, using: &random)
            guard let templates = try? MessageTemplates(brand: "Ac", origin: host, longestCode: length) else {
                continue
            }
            accepted += 1
            let code = (0..<length).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            for locale in MessageLocale.all {
                for purpose in Self.purposes {
                    let text = templates.text(code: code, purpose: purpose, locale: locale, life: .seconds(300))
                    let parsed = try #require(OriginBoundCode(message: text))
                    #expect(parsed.host == host)
                    #expect(parsed.code == code)
                    #expect(parsed.embeddedHost == nil)
                    #expect(SMSSegmentCount(of: text).segments == 1)
                    let body = text.dropLast("\n@\(host) #\(code)".count)
                    #expect(body.split(whereSeparator: { !"0123456789".contains($0) }).filter { $0 == code }.count == 1)
                }
            }
        }
        #expect(accepted > 500)
    }

    @Test func theParserOfTheDraftKnowsItsExamples() {
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
            let text = templates.text(code: "048213", purpose: .signIn, locale: locale, life: .seconds(300))
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
        ".Acme", "HTTP Acme", "a\u{2028}b", "Z\u{301}\u{301}", "Acme,",
    ])
    func brandThatCouldDeceiveIsRefused(brand: String) {
        let error = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: brand) }
        #expect(error?.code == .invalidBrand)
    }

    @Test(arguments: ["Acme", "7-Eleven", "51Job", "Marks & Spencer", "L'Oreal", "Acme Inc.", "A. B. Smith", "M"])
    func ordinaryBrandIsTaken(brand: String) throws {
        let templates = try MessageTemplates(brand: brand)
        let text = templates.text(code: "048213", purpose: .signIn, locale: .english, life: .seconds(300))
        #expect(text.hasPrefix(brand))
    }

    @Test(arguments: [
        "", "localhost", "Example.com", "example.com.", ".example.com", "example..com", "-a.com", "a-.com", "10.0.0.1",
        "example.com:8443", "https://example.com", "example.com/a", "exa mple.com", "example.com #1", "例子.cn",
        "example.com\n", "a_b.com", "user@example.com", Self.times("a", 64) + ".com",
    ])
    func originThatIsNoHostIsRefused(origin: String) {
        let error = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Ac", origin: origin, longestCode: 4)
        }
        #expect(error?.code == .invalidOrigin)
    }

    @Test func textOfTwoSegmentsIsRefusedWithItsLanguage() {
        let english = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: "示例") }
        #expect(english?.code == .tooLong && english?.locale == .english)
        let chinese = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", origin: "a-rather-long-name.example")
        }
        #expect(chinese?.code == .tooLong)
        #expect(chinese?.description.contains("en: ") == true || chinese?.description.contains("zh-Hans: ") == true)
    }

    @Test func digitsOfTheOriginMustNotLookLikeACode() {
        let error = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Ac", origin: "a1234.cn", longestCode: 6)
        }
        #expect(error?.code == .ambiguousText)
    }

    @Test(arguments: [-1, 0, 3, 11]) func codeOfAnotherLengthIsRefused(length: Int) {
        let error = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", longestCode: length)
        }
        #expect(error?.code == .invalidCodeLength)
    }
}

@Suite struct MessageLocaleTests {
    @Test(
        arguments: [
            ("zh-CN", "zh-Hans"), ("zh-Hans-SG", "zh-Hans"), ("zh", "zh-Hans"), ("ZH-hans", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-Hans-HK", "zh-Hans"), ("en-GB", "en"), ("en", "en"), ("EN-us", "en"), ("en-u-co-hant", "en"),
            ("zh-CN-u-nu-hant", "zh-Hans"), ("zh-TW", nil), ("zh-Hant", nil), ("zh-HK", nil), ("zh-Hant-CN", nil),
            ("fr", nil), ("", nil), ("eng", nil), ("en_GB", nil), ("en-", nil), ("-en", nil), ("en\n", nil), ("*", nil),
            ("e", nil), (String(repeating: "en-", count: 40), nil),
        ] as [(String, String?)]
    )
    func languageTagFindsItsText(tag: String, locale: String?) {
        #expect(MessageLocale(matching: tag)?.rawValue == locale)
    }
}

@Suite struct OTPPurposeTests {
    @Test(arguments: ["", "A", "sign in", "a/b", "a\n", "é", "a:b", String(repeating: "a", count: 65), "{x}", "a\u{0}"])
    func nameOutsideTheAlphabetIsRefused(name: String) { #expect(OTPPurpose(rawValue: name) == nil) }

    @Test(arguments: ["a", "pay.v2", "a_b-c", String(repeating: "z", count: 64), "sign-in"])
    func nameOfTheCallersOwnIsTaken(name: String) { #expect(OTPPurpose(rawValue: name)?.rawValue == name) }

    @Test func knownPurposesAreTheirNames() {
        for purpose in MessageTests.purposes { #expect(OTPPurpose(rawValue: purpose.rawValue) == purpose) }
        #expect(Set(MessageTests.purposes).count == 5)
    }
}
