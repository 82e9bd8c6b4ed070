// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

/// Tests that a service with deceptive wordings cannot be created, even if the wordings are sent only on request.
@Suite struct OwnWordingTests {
    static let fine = "{brand}: {code} är din kod för att {action}. Giltig i {validity}. Dela den aldrig."

    static func wording(
        _ texts: [String] = [fine],
        action: String = "logga in",
        otherAction: String = "bekräfta din begäran",
        minute: String = "1 minut",
        minutes: String = "{minutes} minuter"
    ) throws -> MessageWording {
        try MessageWording(
            #require(MessageLocale(languageTag: "sv")),
            texts: texts,
            actions: [.signIn: action],
            otherAction: otherAction,
            minutes: [.one: minute, .other: minutes]
        )
    }

    /// Returns a service whose only destination is Singapore, so that its default language is English.
    @discardableResult
    static func service(
        _ wordings: [MessageWording],
        languages: [MessageLocale]? = nil,
        _ sms: RecordingSMSClient = RecordingSMSClient { _ in .accepted(SMSReceipt(messageID: "m1")) }
    ) throws -> OTPService {
        try Fixture.service(
            sms: sms,
            messages: MessageTemplates(brand: "Acme", languages: languages, wordings: wordings)
        )
    }

    @Test(arguments: [
        "{brand}: ring 08123456, https://x.example {code} {validity}", "{brand}: {code} {validity}. Ring 08123456",
        "{brand}: {code} {validity}. Ring 08 12 34 56", "{brand}: {code} {validity}. Ring 081-234-567",
        "{brand}: {code} {validity}. 192.0.2.7", "{brand}: {code} {validity}. Se evil.example",
        "{brand}: {code} {validity}. https:x", "{brand}: {code} {validity}. www", "{brand}: {code} {validity} #918273",
        "{brand}: {code}{minutes}", "{brand}: 7{code} {validity}", "{brand}: {code} {validity} ٠٨١٢٣٤٥٦",
        "{brand}: {code} {validity} ０８１２", "{brand}: {code} {validity} a@b",
    ])
    func wordingThatIsSentOnRequestIsChecked(text: String) throws {
        // If only the shorter text is faulty, the wording is rejected as well.
        for texts in [[text], [Self.fine, text]] {
            let error = #expect(throws: OTPConfigurationError.self) { try Self.service([Self.wording(texts)]) }
            #expect(error?.setting == "messages" && error?.message.contains("ambiguousText: sv: ") == true)
        }
    }

    @Test(arguments: ["ringa 08123456", "öppna evil.example", "ringa 08 12 34 56", "gå till https:x"])
    func wordsOfEachPlaceholderAreChecked(words: String) throws {
        let wordings = try [
            Self.wording(action: words), Self.wording(otherAction: words),
            Self.wording(minute: "1 minut, \(words)"), Self.wording(minutes: "{minutes} minuter, \(words)"),
        ]
        for wording in wordings {
            let error = #expect(throws: OTPConfigurationError.self) { try Self.service([wording]) }
            #expect(error?.message.contains("sv: ") == true)
        }
        // The wording is built-in except for one action, and its language is not the default of any destination.
        let german = try MessageWording(.german, actions: [.signIn: words])
        #expect(throws: OTPConfigurationError.self) { try Self.service([german]) }
        #expect(throws: OTPConfigurationError.self) { try Self.service([german], languages: [.english]) }
    }

    @Test func textWithoutThePlaceholderOfTheCodeIsRefused() throws {
        for text in ["{brand}: {validity}", "{brand} {minutes} 918273", "{brand}: {Code} {validity}"] {
            let error = #expect(throws: MessageTemplateError.self) { try Self.service([Self.wording([text])]) }
            #expect(error?.code == .invalidWording && error?.locale?.rawValue == "sv")
        }
    }

    @Test func wordingThatIsSentOnRequestNeedNotFit() async throws {
        let long = Self.fine + " " + String(repeating: "å", count: 100)
        for (texts, start) in [([Self.fine], " är din kod för att logga in"), ([long], " to sign in")] {
            let sms = RecordingSMSClient { _ in .accepted(SMSReceipt(messageID: "m1")) }
            let wording = try Self.wording(texts)
            let service = try Self.service([wording], sms)
            let number = try #require(PhoneNumber(e164: "+6591234567"))
            _ = try await service.issue(for: number, purpose: .signIn, locale: wording.locale)
            let text = try #require(sms.messages.last?.text)
            #expect(text.contains(start) && SMSSegmentCount(of: text).segments == 1, "\(text)")
        }
    }

    @Test(arguments: [
        "{brand}: {code} {validity}. Ring aldrig 112", "{brand} 2FA: {code} {validity}",
        "{code} {minutes} {brand} 24-7",
    ])
    func fewDigitsAreNoTelephoneNumber(text: String) throws {
        try Self.service([Self.wording([text])])
    }
}
