// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Testing

extension Conformance {
    /// The row of the conformance table about the texts of messages.
    @Suite struct MessageRows {
        @Test(
            "CT-30: every text warns against sharing the code, has no link, and can end with a line for browser autofill",
            arguments: Trial.alone
        )
        func ct30(trial: Trial) async throws {
            try await trial.run(
                mutant: "message texts without a warning against sharing the code",
                fails: "the texts are the agreed ones"
            ) { findings in
                let plain = try MessageTemplates(brand: "Acme")
                let bound = try MessageTemplates(brand: "Acme", origin: "example.com")
                func text(_ templates: MessageTemplates, _ locale: MessageLocale) -> String {
                    let purpose = OTPPurpose.signIn
                    let text = templates.text(code: "048213", purpose: purpose, locale: locale, lifetime: .seconds(300))
                    let warnings = [" Never share it. Our staff will never ask for it.", "请勿告诉他人，工作人员绝不会索要。"]
                    return trial.isMutant ? warnings.reduce(text) { $0.replacing($1, with: "") } : text
                }
                let english =
                    "Acme verification code 048213 to sign in. Valid for 5 minutes. Never share it. "
                    + "Our staff will never ask for it."
                let chinese = "【Acme】验证码048213，用于登录，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"
                findings.expect(
                    "the texts are the agreed ones",
                    text(plain, .english) == english,
                    text(plain, .english)
                )
                findings.expect("the texts are the agreed ones", text(plain, .simplifiedChinese) == chinese)
                for locale in MessageLocale.all {
                    for templates in [plain, bound] { self.check(text(templates, locale), locale, findings) }
                    findings.expect("the last line is bound to the origin", Self.isBound(text(bound, locale)))
                    findings.expect("without an origin, there is one line", !text(plain, locale).contains("\n"))
                }
                let evil = try #require(OTPPurpose(rawValue: "buy-at-evil.example"))
                let named = plain.text(code: "048213", purpose: evil, locale: .english, lifetime: .seconds(300))
                findings.expect("the name of a purpose is not in the text", !named.contains("evil"))
            }
        }

        private func check(_ text: String, _ locale: MessageLocale, _ findings: Findings) {
            let body = text.split(separator: "\n").first ?? ""
            findings.expect("the text names the sender", body.contains("Acme"), locale)
            findings.expect("the text contains the code once", body.components("048213") == 1, locale)
            findings.expect("the text states the lifetime", body.contains("5"), locale)
            findings.expect("the text contains no link", !body.contains("http") && !body.contains("/"), locale)
            findings.expect("the text fits into one segment", SMSSegmentCount(of: text).segments == 1, locale)
        }

        /// Returns whether the last line has the form `@host #code` of an origin-bound code.
        private static func isBound(_ text: String) -> Bool {
            text.split(separator: "\n", omittingEmptySubsequences: false).last == "@example.com #048213"
        }
    }
}

extension Substring {
    /// Returns the number of occurrences of a text.
    fileprivate func components(_ text: String) -> Int { self.ranges(of: text).count }
}
