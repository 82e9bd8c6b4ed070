// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests of the languages whose texts are checked for length, and of the setting that an error names.
@Suite struct MessageFitTests {
    static func policy(_ regions: Region..., lifetime: Duration = .seconds(300)) -> OTPPolicy {
        var policy = OTPPolicy(destinations: Set(regions))
        policy.limits.lifetime = lifetime
        return policy
    }

    @Test(arguments: ["example.com", "accounts.example.com", "login.accounts.example.co.uk", "a.io"])
    func originIsTakenWhereItsLanguageFits(origin: String) throws {
        for brand in ["swift-otp", "Acme", "Marks & Spencer", "示例"] {
            let region: Region = brand == "示例" ? .mainlandChina : .unitedKingdom
            guard region == .unitedKingdom || origin.count < 21 else { continue }
            let templates = try MessageTemplates(brand: brand, origin: origin)
            #expect(try templates.check(for: Self.policy(region)) == 1)
        }
    }

    @Test func onlyLanguagesThatCanBeSentAreChecked() throws {
        // With this origin, no UCS-2 text fits into a segment.
        let templates = try MessageTemplates(brand: "swift-otp", origin: "login.accounts.example.co.uk")
        #expect(try templates.check(for: Self.policy(.unitedKingdom, .unitedStates)) == 1)
        let error = #expect(throws: MessageTemplateError.self) {
            try templates.check(for: Self.policy(.unitedKingdom, .mainlandChina))
        }
        #expect(error?.locale == .simplifiedChinese && error?.subject == .origin && error?.code == .tooLong)
        let asked = #expect(throws: MessageTemplateError.self) {
            try templates.check(for: Self.policy(.unitedKingdom), and: .korean)
        }
        #expect(asked?.locale == .korean)
        let listed = try MessageTemplates(
            brand: "swift-otp",
            origin: "login.accounts.example.co.uk",
            languages: [.english, .french]
        )
        #expect(try listed.check(for: OTPPolicy(destinations: Set(Region.all))) == 1)
    }

    @Test(arguments: [
        ("Żabka", "Ż (U+017B)", Region.unitedKingdom), ("Škoda", "Š (U+0160)", .unitedStates),
        ("Wałęsa", "ł (U+0142), ę (U+0119)", .unitedKingdom), ("ヤフー", "ヤ (U+30E4), フ (U+30D5), ー (U+30FC)", .singapore),
        ("Crêpe", "ê (U+00EA)", .unitedKingdom), ("Яндекс", "Я (U+042F)", .unitedKingdom),
    ])
    func characterOutsideGSM7IsNamed(brand: String, named: String, region: Region) throws {
        let templates = try MessageTemplates(brand: brand)
        let error = #expect(throws: MessageTemplateError.self) { try templates.check(for: Self.policy(region)) }
        #expect(error?.code == .tooLong && error?.subject == .brand && error?.locale == .english)
        #expect(error?.message.contains(named) == true, "\(error as Any)")
        #expect(error?.message.contains("GSM-7") == true && error?.message.contains("shorten") == false)
        let two = try MessageTemplates(brand: brand, maximumSegments: 2)
        #expect(try two.check(for: Self.policy(region)) == 2)
    }

    @Test func brandOutsideGSM7FitsIntoUCS2Texts() throws {
        for (brand, code) in [
            ("ヤフー", "JP"), ("Яндекс", "RU"), ("现代", "CN"), ("ไทยพาณิชย์", "TH"), ("현대", "KR"), ("زاجل", "SA"),
        ] {
            let region = try #require(Region(code))
            #expect(try MessageTemplates(brand: brand).check(for: Self.policy(region)) == 1, "\(brand)")
        }
        #expect(try MessageTemplates(brand: "Café").check(for: Self.policy(.unitedKingdom)) == 1)
    }

    @Test func nameOfALanguageReplacesTheBrand() throws {
        let templates = try MessageTemplates(brand: "示例", localizedBrands: [.english: "Example"])
        #expect(try templates.check(for: Self.policy(.unitedKingdom, .mainlandChina)) == 1)
        let wrong = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", localizedBrands: [.french: "a/b"])
        }
        #expect(wrong?.locale == .french && wrong?.code == .invalidBrand)
    }

    @Test func realLifetimeAndRealCodeLengthAreUsed() throws {
        // A lifetime with one digit fits, but two digits do not. A code of six digits fits, but a code of ten digits does not.
        let wording = try MessageWording(
            .korean,
            texts: ["{brand} 인증번호 {code} {validity} 유효" + String(repeating: "가", count: 51)]
        )
        let templates = try MessageTemplates(brand: "A", wordings: [wording])
        let korea = try #require(Region("KR"))
        #expect(try templates.check(for: Self.policy(korea, lifetime: .seconds(540))) == 1)
        let long = #expect(throws: MessageTemplateError.self) {
            try templates.check(for: Self.policy(korea, lifetime: .seconds(600)))
        }
        #expect(long?.subject == .wording)
        var policy = Self.policy(korea)
        policy.format = .digits(7)
        #expect(throws: MessageTemplateError.self) { try templates.check(for: policy) }
    }

    @Test func reasonSaysHowLongThePartMayBe() throws {
        let long = try MessageTemplates(brand: "Acme", origin: "a-rather-long-name-of-a-site.example.com")
        let error = #expect(throws: MessageTemplateError.self) {
            try long.check(for: Self.policy(.mainlandChina))
        }
        #expect(error?.subject == .origin)
        #expect(error?.message.contains("has 40 characters, and ") == true, "\(error as Any)")
        #expect(error?.message.contains("allow more segments, each billed as a message") == true)
        #expect(error?.description.hasPrefix("tooLong: zh-Hans: ") == true)
        let room = try #require(error?.message.split(separator: " ").compactMap { Int($0) }.last { $0 < 40 && $0 > 8 })
        let fitting = String("a-rather-long-name-of-a-site.example.com".suffix(room))
        #expect(try MessageTemplates(brand: "Acme", origin: fitting).check(for: Self.policy(.mainlandChina)) == 1)
    }

    @Test(arguments: [0, -1, 9, Int.max, Int.min]) func allowedSegmentsAreOneToEight(segments: Int) {
        let error = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", maximumSegments: segments)
        }
        #expect(error?.code == .invalidMaximumSegments && error?.subject == .maximumSegments)
    }

    @Test func moreSegmentsAreAllowedOnPurposeOnly() throws {
        let origin = "login.accounts.example-company.co.uk"
        #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", origin: origin).check(for: Self.policy(.mainlandChina))
        }
        let templates = try MessageTemplates(brand: "Acme", origin: origin, maximumSegments: 2)
        #expect(try templates.check(for: Self.policy(.mainlandChina)) == 2)
        let text = templates.text(code: "048213", purpose: .signIn, locale: .simplifiedChinese, lifetime: .seconds(300))
        #expect(SMSSegmentCount(of: text).segments == 2 && text.contains("工作人员绝不会索要"))
        #expect(OriginBoundCode(message: text)?.host == origin)
    }

    @Test func languageThatIsNotListedIsNotSent() throws {
        let templates = try MessageTemplates(brand: "Acme", languages: [.german, .french])
        let france = try #require(Region("FR"))
        #expect(templates.defaultLocale(for: france) == .french)
        #expect(templates.defaultLocale(for: .singapore) == .german)
        #expect(templates.defaultLocale(for: nil) == .german)
        #expect(templates.locale(matching: "it") == nil)
        #expect(templates.locale(matching: "de-AT") == .german)
        #expect(throws: MessageTemplateError.self) { try templates.check(for: Self.policy(france), and: .italian) }
        let none = #expect(throws: MessageTemplateError.self) { try MessageTemplates(brand: "Acme", languages: []) }
        let swedish = try #require(MessageLocale(languageTag: "sv"))
        let unknown = #expect(throws: MessageTemplateError.self) {
            try MessageTemplates(brand: "Acme", languages: [swedish])
        }
        #expect(none?.code == .invalidLanguages && unknown?.subject == .languages && unknown?.locale == swedish)
    }

    @Test(arguments: [
        (MessageLocale.german, "Acme: Ihr Code"), (.english, "Acme verification code"),
        (.korean, "Acme verification code"), (.french, "Acme verification code"), (.hindi, "Acme verification code"),
    ])
    func onlyListedLanguagesAreSentOnRequest(locale: MessageLocale, start: String) async throws {
        let sms = RecordingSMSClient { _ in .accepted(SMSReceipt(messageID: "m1")) }
        let templates = try MessageTemplates(brand: "Acme", languages: [.german, .english])
        let service = try Self.service(templates, Self.policy(.singapore), sms)
        _ = try await service.issue(for: Fixture.number, purpose: .signIn, locale: locale)
        #expect(sms.messages.last?.text.hasPrefix(start) == true, "\(sms.messages)")
    }

    @Test func serviceStartsOnlyWithTextsThatFit() throws {
        let error = #expect(throws: OTPConfigurationError.self) {
            try Self.service(try MessageTemplates(brand: "Żabka"), Self.policy(.singapore))
        }
        #expect(error?.setting == "messages" && error?.message.contains("Ż (U+017B)") == true)
        _ = try Self.service(try MessageTemplates(brand: "现代"), Self.policy(.mainlandChina))
    }

    @Test func languageOfTheRegionReplacesOneThatDoesNotFit() async throws {
        let sms = RecordingSMSClient { _ in .accepted(SMSReceipt(messageID: "m1")) }
        let origin = "login.accounts.example.co.uk"
        let templates = try MessageTemplates(brand: "Acme", origin: origin)
        let service = try Self.service(templates, Self.policy(.singapore), sms)
        for (locale, start) in [(MessageLocale.korean, "Acme verification code"), (.german, "Acme: Ihr Code")] {
            let number = try #require(PhoneNumber(e164: locale == .korean ? "+6591234567" : "+6591234568"))
            _ = try await service.issue(for: number, purpose: .signIn, locale: locale)
            let text = try #require(sms.messages.last?.text)
            #expect(text.hasPrefix(start) && SMSSegmentCount(of: text).segments == 1, "\(text)")
        }
    }

    private static func service(
        _ messages: MessageTemplates,
        _ policy: OTPPolicy,
        _ sms: RecordingSMSClient = RecordingSMSClient { _ in .accepted(SMSReceipt(messageID: "m1")) }
    ) throws -> OTPService {
        try Fixture.service(sms: sms, policy: policy, messages: messages)
    }
}
