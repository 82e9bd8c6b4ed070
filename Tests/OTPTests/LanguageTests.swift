// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Testing

/// Tests that the texts of all languages are complete, fit into one segment, and are idiomatic.
@Suite struct LanguageTests {
    static let gsm7: Set<String> = ["en", "es", "fr", "de", "it", "nl", "pl", "tr", "id"]

    /// The message for a sign-in code with a lifetime of 5 minutes, by language.
    static let signIn = [
        (
            "en",
            "Acme verification code 048213 to sign in. Valid for 5 minutes. Never share it. Our staff will never ask for it."
        ),
        ("zh-Hans", "【Acme】验证码048213，用于登录，5分钟内有效。请勿告诉他人，工作人员绝不会索要。"),
        ("zh-Hant", "【Acme】驗證碼048213，用於登入，5分鐘內有效。請勿告訴他人，員工絕不會索取。"),
        ("ja", "【Acme】ログインの認証コード：048213（5分間有効）。他人に教えないでください。社員がお尋ねすることはありません。"),
        ("ko", "[Acme] 로그인 인증번호 048213(5분 유효). 타인에게 알려주지 마세요. 직원은 묻지 않습니다."),
        (
            "es",
            "048213 es tu clave temporal de Acme para acceder a tu cuenta. Expira en 5 minutos. No la compartas con nadie. Nuestro equipo nunca te la pide."
        ),
        (
            "fr",
            "Votre code Acme pour vous connecter : 048213. Valable 5 minutes. Ne le communiquez à personne. Notre équipe ne vous le demande jamais."
        ),
        (
            "de",
            "Acme: Ihr Code zur Anmeldung lautet 048213. 5 Minuten gültig. Geben Sie ihn niemals weiter. Unsere Mitarbeiter fragen nie danach."
        ),
        (
            "pt",
            "Acme: código 048213 para entrar. Válido por 5 minutos. Não o revele."
        ),
        (
            "it",
            "Acme: il tuo codice per accedere è 048213. Scade tra 5 minuti. Non condividerlo con nessuno. Il nostro staff non te lo chiederà mai."
        ),
        (
            "nl",
            "Acme: je code om in te loggen is 048213. 5 minuten geldig. Deel hem met niemand. Onze medewerkers vragen er nooit om."
        ),
        (
            "pl",
            "Acme: 048213 to kod do logowania. Wygasa po 5 minutach. Nie podawaj go nikomu. Nasz personel nigdy o niego nie zapyta."
        ),
        (
            "tr",
            "Acme oturum onay kodu: 048213. Süresi 5 dakika. Kodu kimseye vermeyin. Ekibimiz bu kodu sizden asla istemez."
        ),
        ("ru", "Acme: код для входа 048213, действует 5 минут. Никому не сообщайте."),
        ("ar", "رمز Acme لتسجيل الدخول: 048213، صالح لمدة 5 دقائق. لا تشاركه مع أحد."),
        ("hi", "Acme लॉगिन कोड 048213, 5 मिनट तक मान्य। इसे किसी को न बताएं।"),
        (
            "id",
            "048213 adalah kode verifikasi Acme untuk masuk ke akun. Berlaku 5 menit. Jangan berikan kepada siapa pun. Staf kami tidak pernah memintanya."
        ),
        ("th", "รหัสยืนยัน Acme สำหรับเข้าสู่ระบบ: 048213 ใช้ได้ 5 นาที ห้ามบอกใคร"),
        ("vi", "Acme: mã đăng nhập 048213, hiệu lực 5 phút. Không chia sẻ với ai."),
    ]

    /// The words for lifetimes of 1, 2, 5 and 10 minutes, by language.
    static let validity = [
        ("en", ["1 minute", "2 minutes", "5 minutes", "10 minutes"]),
        ("zh-Hans", ["1分钟", "2分钟", "5分钟", "10分钟"]),
        ("zh-Hant", ["1分鐘", "2分鐘", "5分鐘", "10分鐘"]),
        ("ja", ["1分間", "2分間", "5分間", "10分間"]),
        ("ko", ["1분", "2분", "5분", "10분"]),
        ("es", ["1 minuto", "2 minutos", "5 minutos", "10 minutos"]),
        ("fr", ["1 minute", "2 minutes", "5 minutes", "10 minutes"]),
        ("de", ["1 Minute", "2 Minuten", "5 Minuten", "10 Minuten"]),
        ("pt", ["1 minuto", "2 minutos", "5 minutos", "10 minutos"]),
        ("it", ["1 minuto", "2 minuti", "5 minuti", "10 minuti"]),
        ("nl", ["1 minuut", "2 minuten", "5 minuten", "10 minuten"]),
        ("pl", ["1 minucie", "2 minutach", "5 minutach", "10 minutach"]),
        ("tr", ["1 dakika", "2 dakika", "5 dakika", "10 dakika"]),
        ("ru", ["1 минуту", "2 минуты", "5 минут", "10 минут"]),
        ("ar", ["دقيقة", "دقيقتين", "5 دقائق", "10 دقائق"]),
        ("hi", ["1 मिनट", "2 मिनट", "5 मिनट", "10 मिनट"]),
        ("id", ["1 menit", "2 menit", "5 menit", "10 menit"]),
        ("th", ["1 นาที", "2 นาที", "5 นาที", "10 นาที"]),
        ("vi", ["1 phút", "2 phút", "5 phút", "10 phút"]),
    ]

    @Test func nineteenLanguagesHaveAText() {
        #expect(MessageLocale.all.count == 19)
        #expect(Set(MessageLocale.all).count == 19)
        #expect(Set(MessageLocale.all.map(\.rawValue)) == Set(Self.signIn.map(\.0)))
    }

    @Test(arguments: signIn)
    func textMatchesTheGoldenText(tag: String, golden: String) throws {
        let locale = try #require(MessageLocale(matching: tag))
        let templates = try MessageTemplates(brand: "Acme")
        let text = templates.text(code: "048213", purpose: .signIn, locale: locale, lifetime: .seconds(300))
        #expect(text == golden)
    }

    @Test(arguments: signIn)
    func documentsShowTheText(tag: String, golden: String) throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Docs/Texts.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("| `\(tag)` |") })
        let alphabet = Self.gsm7.contains(tag) ? "GSM-7" : "UCS-2"
        #expect(row.hasPrefix("| `\(tag)` | \(alphabet) | \(golden) | "))
        let locale = try #require(MessageLocale(matching: tag))
        let templates = try MessageTemplates(brand: "Acme")
        let regions = Region.all.filter { templates.defaultLocale(for: $0) == locale }.map(\.code)
        // The row of English lists no regions, because English serves all regions that have no other language.
        let listed = row.split(separator: "|").last.map { $0.split(separator: " ").map(String.init) } ?? []
        #expect(listed == (locale == .english || regions.isEmpty ? ["–"] : regions))
    }

    @Test(arguments: validity)
    func validityHasTheFormOfItsNumber(tag: String, words: [String]) throws {
        let locale = try #require(MessageLocale(matching: tag))
        let templates = try MessageTemplates(brand: "Acme")
        for (minutes, words) in zip([1, 2, 5, 10], words) {
            let text = templates.text(
                code: "048213",
                purpose: .signIn,
                locale: locale,
                lifetime: .seconds(60 * minutes)
            )
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test(arguments: MessageLocale.all)
    func mostCompleteTextIsOneSegmentWithATypicalBrand(locale: MessageLocale) throws {
        let templates = try MessageTemplates(brand: "Example Co")
        for purpose in MessageTests.purposes {
            for minutes in 1...10 {
                let text = templates.text(
                    code: "048213",
                    purpose: purpose,
                    locale: locale,
                    lifetime: .seconds(60 * minutes)
                )
                let count = SMSSegmentCount(of: text)
                #expect(count.segments == 1, "\(text)")
                #expect(count.encoding == (Self.gsm7.contains(locale.rawValue) ? .gsm7 : .ucs2), "\(text)")
                // The sent text must contain the action, so it must differ for another purpose.
                let other = purpose == .signIn ? OTPPurpose.registration : .signIn
                let lifetime = Duration.seconds(60 * minutes)
                #expect(text != templates.text(code: "048213", purpose: other, locale: locale, lifetime: lifetime))
                Self.expectClean(text, code: "048213", brand: "Example Co")
            }
        }
    }

    @Test(arguments: MessageLocale.all)
    func textWithTheLastLineIsOneSegment(locale: MessageLocale) throws {
        for (brand, host) in [("Example Co", "example.com"), ("swift-otp", "accounts.example.com"), ("Acme", "a.io")] {
            let templates = try MessageTemplates(brand: brand, origin: host)
            for purpose in MessageTests.purposes {
                let text = templates.text(code: "048213", purpose: purpose, locale: locale, lifetime: .seconds(300))
                #expect(SMSSegmentCount(of: text).segments == 1, "\(text)")
                let parsed = try #require(OriginBoundCode(message: text))
                #expect(parsed.host == host && parsed.code == "048213")
                Self.expectClean(String(text.dropLast("\n@\(host) #048213".count)), code: "048213", brand: brand)
            }
        }
    }

    @Test(arguments: MessageLocale.all)
    func longBrandAndLongCodeStillFit(locale: MessageLocale) throws {
        let brand = String(repeating: "M", count: 20)
        let templates = try MessageTemplates(brand: brand)
        for purpose in MessageTests.purposes {
            let text = templates.text(code: "9182736450", purpose: purpose, locale: locale, lifetime: .seconds(600))
            #expect(SMSSegmentCount(of: text).segments == 1, "\(text)")
            Self.expectClean(text, code: "9182736450", brand: brand)
        }
    }

    @Test(arguments: [
        ("CN", "zh-Hans"), ("TW", "zh-Hant"), ("HK", "zh-Hant"), ("MO", "zh-Hant"), ("SG", "en"), ("JP", "ja"),
        ("KR", "ko"), ("ES", "es"), ("MX", "es"), ("AR", "es"), ("PR", "es"), ("FR", "fr"), ("SN", "fr"), ("DE", "de"),
        ("AT", "de"), ("BR", "pt"), ("PT", "pt"), ("AO", "pt"), ("IT", "it"), ("NL", "nl"), ("PL", "pl"), ("TR", "tr"),
        ("RU", "ru"), ("KZ", "ru"), ("UA", "en"), ("SA", "ar"), ("EG", "ar"), ("IN", "en"), ("ID", "id"), ("TH", "th"),
        ("VN", "vi"), ("US", "en"), ("GB", "en"), ("CH", "en"), ("BE", "en"), ("CA", "en"), ("SE", "en"),
    ])
    func numberGetsTheLanguageOfItsRegion(code: String, tag: String) throws {
        let templates = try MessageTemplates(brand: "Acme")
        let region = try #require(Region(code))
        #expect(templates.defaultLocale(for: region).rawValue == tag)
    }

    @Test func everyRegionHasOneLanguage() throws {
        let templates = try MessageTemplates(brand: "Acme")
        // The texts of all regions are checked as a service does it.
        let policy = OTPPolicy(destinations: Set(Region.all))
        #expect(try templates.check(for: policy) == 1)
        let languages = templates.languages(for: policy)
        #expect(languages.count == 18, "every language but Hindi serves a region")
        for region in Region.all { #expect(languages.contains(templates.defaultLocale(for: region))) }
    }

    private static func expectClean(_ text: String, code: String, brand: String) {
        #expect(text.ranges(of: code).count == 1 && text.ranges(of: brand).count == 1, "\(text)")
        let groups = text.unicodeScalars.split { !("0"..."9").contains($0) }.filter { $0.count > 2 }
        #expect(groups.count == 1, "\(text)")
        #expect(!text.contains("{") && !text.contains("}") && !text.contains("\n"), "\(text)")
        #expect(text.precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(text.unicodeScalars))
        for link in ["http", "www", "/", "@", "#"] { #expect(!text.contains(link), "\(text)") }
        let invisible = text.unicodeScalars.filter { $0.properties.generalCategory == .format }
        #expect(invisible.isEmpty, "a direction mark would end the code for autofill")
    }
}
