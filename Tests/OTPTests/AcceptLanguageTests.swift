// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import Testing

/// Tests of the selection of a language by an `Accept-Language` header (RFC 9110 section 12.5.4).
@Suite struct AcceptLanguageTests {
    @Test(arguments: [
        ("de", "de"), ("de-CH", "de"), ("DE", "de"), ("de;q=0.1", "de"), ("en-GB,en;q=0.9", "en"),
        ("da, en-gb;q=0.8, en;q=0.7", "en"), ("fr;q=0.2,de;q=0.9", "de"), ("fr;q=0.901, de;q=0.9", "fr"),
        ("fr;q=0.5,de;q=0.5", "fr"), ("sv, fr;q=0.1, *;q=0.01", "fr"),
        ("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hans"),
        ("zh-Hant;q=0, zh", "zh-Hans"), ("pt-PT,pt;q=0.8", "pt"), ("es-419,es;q=0.9,en;q=0.8", "es"),
        ("  fr ;\tq=1.000 , en", "fr"), ("fr; Q=0.3, de;q=0.2", "fr"), ("in", "id"), ("fr;q=1.", "fr"),
        ("fr;q=0.", "fr;q=0"), ("i-klingon, fr", "fr"), ("x-private, fr;q=0.4", "fr"),
    ])
    func bestLanguageIsFound(header: String, tag: String) {
        #expect(MessageLocale(acceptLanguage: header)?.rawValue == (tag.contains(";") ? nil : tag), "\(header)")
    }

    @Test(arguments: [
        "", ",", ";", " ", "sv", "fr;q=0", "fr;q=0.000", "*;q=0", "fr;q=2", "fr;q=1.001", "fr;q=-1", "fr;q=0.1234",
        "fr;q=", "fr;q", "fr;level=1", "fr;q=0.5;q=1", "fr;q=٠", "fr q=1", "français", "fr\u{0}", "fr;q=NaN",
    ])
    func headerWithoutAnAcceptableLanguageFindsNothing(header: String) {
        #expect(MessageLocale(acceptLanguage: header) == nil, "\(header)")
    }

    @Test func excludedRangeDoesNotExcludeABroaderLanguage() {
        #expect(MessageLocale(acceptLanguage: "en-GB;q=0, en") == .english)
        #expect(MessageLocale(acceptLanguage: "en;q=0, en-GB") == nil)
        #expect(MessageLocale(acceptLanguage: "zh;q=0, zh-TW, zh-CN") == nil)
    }

    /// Tests that `*` selects no language, so that the caller's default applies.
    ///
    /// The first three rows are examples in RFC 9110 section 12.5.4 and RFC 4647 section 3.4.
    @Test(arguments: [
        ("da, en-gb;q=0.8, en;q=0.7", "en"), ("zh-Hant-CN-x-private1-private2", "zh-Hant"), ("fr-FR, zh-Hant", "fr"),
        ("*", nil), ("*;q=0.1", nil), ("sv, *", nil), ("fr-FR, zh-Hant, *;q=0.5", "fr"), ("*, en;q=0.5", nil),
        ("*, fr", "fr"), ("*;q=0.5, fr;q=0.5", "fr"), ("sv, *;q=0.5, fr;q=0.4", nil), ("*;q=0.5, de;q=0.8", "de"),
        ("en;q=0, *", nil), ("*;q=0, fr", "fr"),
    ])
    func wildcardSelectsNoLanguage(header: String, tag: String?) {
        let locales = ["en", "zh-Hans", "zh-Hant", "ja", "fr", "de"].compactMap { MessageLocale(languageTag: $0) }
        #expect(MessageLocale(acceptLanguage: header, among: locales)?.rawValue == tag, "\(header)")
    }

    @Test func onlyAvailableLanguagesAreFound() throws {
        #expect(MessageLocale(acceptLanguage: "fr, de;q=0.1", among: [.english, .german]) == .german)
        #expect(MessageLocale(acceptLanguage: "fr", among: []) == nil)
        let templates = try MessageTemplates(brand: "Acme", languages: [.german, .english])
        #expect(templates.locale(acceptLanguage: "fr, en;q=0.5") == .english)
        #expect(templates.locale(acceptLanguage: "fr") == nil)
    }

    @Test(.timeLimit(.minutes(1))) func hostileHeadersAreCheap() {
        let long = String(repeating: "fr,", count: 1_000_000)
        #expect(MessageLocale(acceptLanguage: long) == nil)
        // At most 32 ranges are used, and all later ranges are ignored.
        #expect(MessageLocale(acceptLanguage: String(repeating: "sv,", count: 31) + "fr") == .french)
        #expect(MessageLocale(acceptLanguage: String(repeating: "sv,", count: 32) + "fr") == nil)
        var random = SeededGenerator(seed: 6)
        let pieces = ["en", "fr", "*", ",", ";", "q=", "0.5", "1", " ", "\t", "-", "zh-Hant", "\u{0}", "é", "=", "."]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...40, using: &random)
            let header = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = MessageLocale(acceptLanguage: header)
        }
    }
}
