// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Testing

@testable import OTPEnvironment

/// Tests of the settings for texts, and of the variables in their errors.
struct TextsFileTests {
    static let swedish = """
        {"sv": {"texts": ["{brand}: {code} är din kod för att {action}. Giltig i {validity}. Dela den aldrig."],
         "actions": {"sign-in": "logga in", "shop.pay": "betala", "other": "bekräfta din begäran"},
         "minutes": {"one": "1 minut", "other": "{minutes} minuter"}, "regions": ["SE"], "brand": "Exempel"}}
        """

    static func policy(_ code: String) throws -> OTPPolicy {
        OTPPolicy(destinations: [try #require(Region(code))])
    }

    /// Returns the texts from settings with a texts file.
    static func messages(
        _ json: String,
        _ region: String = "SE",
        changing settings: [String: String] = [:]
    ) throws -> MessageTemplates {
        let environment = ["OTP_TEXTS": "texts.json"].merging(settings) { _, new in new }
        let settings = OTPSettings(environment: environment) { $0 == "texts.json" ? Data(json.utf8) : nil }
        return try settings.messages(for: Self.policy(region))
    }

    @Test func fileAddsALanguageAndABrand() throws {
        let messages = try Self.messages(Self.swedish)
        let locale = try #require(messages.locale(matching: "sv-SE"))
        #expect(
            messages.text(code: "048213", purpose: .signIn, locale: locale, lifetime: .seconds(300))
                == "Exempel: 048213 är din kod för att logga in. Giltig i 5 minuter. Dela den aldrig."
        )
        let payment = try #require(OTPPurpose(rawValue: "shop.pay"))
        #expect(
            messages.text(code: "048213", purpose: payment, locale: locale, lifetime: .seconds(60)).contains("betala")
        )
        #expect(
            messages.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(60))
                .contains("swift-otp")
        )
    }

    @Test func fileChangesOneAction() throws {
        let messages = try Self.messages(#"{"en": {"actions": {"sign-in": "enter the shop"}}}"#, "GB")
        let text = messages.text(code: "048213", purpose: .signIn, locale: .english, lifetime: .seconds(300))
        #expect(text.contains("to enter the shop. Valid for 5 minutes."))
    }

    @Test(arguments: [
        ("", "not JSON"), ("[]", "not an object"), ("{", "not JSON"), (#"{"sv": 1}"#, "sv: it is not an object"),
        (#"{"sv": {}}"#, "sv: there is no text"), (#"{"s_v": {}}"#, "language tag"),
        (#"{"sv": {"text": "x"}}"#, "sv: 'text' is not one of"), (#"{"sv": {"texts": "x"}}"#, "sv: texts is not"),
        (#"{"sv": {"texts": ["{brand} {minutes}"]}}"#, "sv: a text must have {code} once"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"], "regions": ["SW"]}}"#, "sv: regions"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"], "actions": {"A b": "x"}}}"#, "sv: actions"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"], "minutes": {"lots": "x"}}}"#, "sv: minutes"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"], "minutes": {"one": "1"}}}"#, "sv: minutes lacks"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"], "brand": 7}}"#, "sv: brand"),
        (#"{"sv": {"texts": ["{brand} {code} {minutes}"]}, "sv": {}}"#, "not JSON"),
        (
            #"{"sv": {"texts": ["{brand} {code} {minutes}"]}, "SV": {"texts": ["{brand} {code} {minutes}"]}}"#,
            "sv: it occurs twice"
        ),
        (
            #"{"sv": {"texts": ["{brand} {code} {minutes} www"], "regions": ["SE"]}}"#,
            "sv: a text has something like a link"
        ),
        (#"{"sv": {"texts": ["{brand} {code} {minutes} 2027"], "regions": ["SE"]}}"#, "sv: a text has "),
        (String(repeating: "[", count: 100_000), "not JSON"),
    ])
    func invalidFileIsNamedWithLanguageAndReason(json: String, reason: String) {
        let failure = #expect(throws: OTPSettingsError.self) { try Self.messages(json) }
        #expect(failure?.code == .invalid)
        #expect(failure?.description.hasPrefix("OTP_TEXTS cannot be used: texts.json: ") == true, "\(failure as Any)")
        #expect(failure?.problem.contains(reason) == true, "\(failure as Any)")
    }

    @Test func missingFileIsNamed() {
        for path in ["/nowhere/texts.json", "/", "/dev/null/x"] {
            let settings = OTPSettings(environment: ["OTP_TEXTS": path])
            let failure = #expect(throws: OTPSettingsError.self) { try settings.messagesOfAnyLength() }
            #expect(failure?.problem.contains("\(path): ") == true, "\(failure as Any)")
        }
    }

    @Test(
        arguments: [
            (["OTP_ORIGIN": "example.com"], "all", nil), (["OTP_ORIGIN": "accounts.example.com"], "all", nil),
            (["OTP_ORIGIN": "accounts.example.com"], "GB", nil),
            (["OTP_ORIGIN": "login.accounts.example.co.uk", "OTP_BRAND": "Marks & Spencer"], "GB", nil),
            (["OTP_ORIGIN": "login.accounts.example.co.uk"], "CN", "OTP_ORIGIN"),
            (["OTP_ORIGIN": "a12345.example"], "GB", "OTP_ORIGIN"), (["OTP_ORIGIN": "localhost"], "GB", "OTP_ORIGIN"),
            (["OTP_BRAND": "Żabka"], "GB", "OTP_BRAND"),
            (["OTP_BRAND": "Żabka", "OTP_ORIGIN": "example.com"], "GB", "OTP_BRAND"),
            (["OTP_BRAND": "Żabka", "OTP_MAXIMUM_SEGMENTS": "2"], "GB", nil),
            (["OTP_BRAND": "Cafe\u{301}"], "all", nil),
            (["OTP_BRAND": "ヤフー"], "JP", nil), (["OTP_BRAND": "ヤフー"], "all", "OTP_BRAND"),
            (["OTP_BRAND": "ヤフー", "OTP_LANGUAGES": "ja, zh-TW"], "all", nil),
            (["OTP_LANGUAGES": "tlh"], "GB", "OTP_LANGUAGES"),
            (["OTP_LANGUAGES": "en,,fr"], "GB", "OTP_LANGUAGES"),
            (["OTP_MAXIMUM_SEGMENTS": "0"], "GB", "OTP_MAXIMUM_SEGMENTS"),
            (["OTP_MAXIMUM_SEGMENTS": "two"], "GB", "OTP_MAXIMUM_SEGMENTS"),
            (["OTP_LANGUAGES": "pt-BR,zh-HK,es-419"], "BR", nil),
        ] as [([String: String], String, String?)]
    )
    func invalidVariableIsNamed(environment: [String: String], countries: String, variable: String?) throws {
        let settings = OTPSettings(environment: environment.merging(["OTP_COUNTRIES": countries]) { own, _ in own })
        let policy = try settings.policy()
        guard let variable else {
            _ = try settings.messages(for: policy)
            return
        }
        let failure = #expect(throws: OTPSettingsError.self) { try settings.messages(for: policy) }
        #expect(failure?.code == .invalid)
        #expect(failure?.description.hasPrefix("\(variable) cannot be used: ") == true, "\(failure as Any)")
    }
}
