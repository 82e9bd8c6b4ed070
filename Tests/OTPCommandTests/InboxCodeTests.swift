// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import AlibabaSMSEmulator
@testable import OTP

/// Tests that the inbox finds the code in every built-in text.
struct InboxCodeTests {
    @Test(arguments: MessageLocale.all)
    func codeOfEveryBuiltInTextIsFound(locale: MessageLocale) throws {
        let purposes: [OTPPurpose] = [.registration, .signIn, .passwordReset, .phoneNumberChange]
        let other = try #require(OTPPurpose(rawValue: "shop.pay"))
        let lifetimes = [1, 2, 5, 30]
        for (shift, brand) in ["Acme", "7-Eleven", "Código", String(repeating: "M", count: 20)].enumerated() {
            let templates = try MessageTemplates(brand: brand)
            for purpose in purposes + [other] {
                // Over the four brands, each code meets each lifetime.
                for (position, code) in ["048213", "0482", "91827364", "9182736450"].enumerated() {
                    let minutes = lifetimes[(position + shift) % lifetimes.count]
                    // The texts include the shorter ones, although they are not sent with this brand.
                    for text in templates.message(code, purpose, locale, minutes).bodies {
                        #expect(CodeExtractor.code(in: text)?.text == code, "\(text)")
                    }
                }
            }
        }
    }
}
