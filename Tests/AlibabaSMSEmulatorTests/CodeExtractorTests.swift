// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import SMSKit
import Synchronization
import Testing

@testable import AlibabaSMSEmulator

@Suite struct CodeExtractorTests {
    @Test(
        arguments: [
            ("Your code is 123456", "123456", .digits),
            ("123456 is your verification code", "123456", .digits),
            ("您的验证码是824719，5分钟内有效。", "824719", .digits),
            ("【Shop】動態碼 驗證碼：4821", "4821", .digits),
            ("Ваш код: 55501", "55501", .digits),
            ("Order 99887766 ships on 20261122. Code: 4321", "4321", .digits),
            ("G-123456 is your Google verification code", "123456", .digits),
            ("Use code 1234567890 now", "1234567890", .digits),
            ("Call +6591234567 if you did not ask for the code 777888", "777888", .digits),
            ("Your code is 111111\n\n@example.com #222222", "222222", .originBound),
            ("Sign in\n@example.com #K4T9XZ", "K4T9XZ", .originBound),
            ("Your code: AB12CD", "AB12CD", .alphanumeric),
            ("Password code QX7-K2 or AB12CD34", "AB12CD34", .alphanumeric),
            ("Your code is A1B2C3. Valid until 20271231", "A1B2C3", .alphanumeric),
            // If the last line deviates from the format, it is ordinary text.
            ("Your code is 111111\n\n@example.com  #222222", "111111", .digits),
            ("Your code is 111111\n@example.com #111111\n", "111111", .digits),
        ] as [(String, String, InboxMessage.CodeRule)]
    )
    func codeIsFound(text: String, code: String, rule: InboxMessage.CodeRule) {
        #expect(CodeExtractor.code(in: text) == .init(text: code, rule: rule))
    }

    @Test(arguments: [
        "Your OTP for your card nb 222233******4444 is : '918273'",
        "code for order 2027 is 918273", "Order #2027: your code is 918273",
        "Your order no. 20270001: 918273 is the code",
        "Ref: 55667788. Your OTP is 918273.", "Ticket 48213 - verification code 918273",
        "918273 is your code for booking 4821", "918273 is your code. Order 2027 is on its way.",
        "Code 918273 for card ending in 4444", "OTP 918273 to pay at SHOP with card XX4444",
        "Your code for account ****1234 is 918273",
        "Use 918273 as OTP for A/c XXXX5678. Call 18001234 if it was not you.",
        "Your OTP for card ending 4444: 918273", "OTP for login to your account: 918273",
        "Use OTP 918273 for txn of INR 1,250.00 at SHOP on 12-05-26.", "OTP is 918273 for Rs 5000 to a/c 4444.",
        "918273 is the code to confirm a payment of $4500 to Shop", "Pay 1250.50 EUR: code 918273",
        "Your code to pay €12,345.67 is 918273", "Code for USD 2000: 918273. Valid for 600 seconds",
        "Your 2027 tax code: 918273", "In 2026 your code is 918273", "© 2026 Shop. Code: 918273",
        "918273 is your code. Copyright 2026", "Your code is 918273 (sent 2026-11-25 10:30)",
        "25/11/2026 10:30:15 Your code is 918273", "Your code is 918273. It expires in 3600 seconds.",
        "Code 918273, call +1 (415) 555-2671 with questions", "Call 0800 123 456 with code 918273",
        "Your code is 918273. Helpline: 1930", "If this was not you, call 1800-123-4567. Your code: 918273",
        "Your code is 918273. Reply STOP to 12345", "Do not share this PIN: 918273. Our number is 0123 456 789",
        "Your code is 918273: https://shop.example/v/4821765",
        "https://shop.example/?code=11112222 or enter 918273 as the code",
        "Mail user20261122@shop.example, code 918273", "IP 203.0.113.77 asks to sign in. Code: 918273",
        "<#> 918273 is your Shop code FA+9qCX9VSu", "Code promo 20262026 ! Votre code est 918273",
        "Your verification code for iPhone15 is 918273", "Use *918273* as your code", "Code «918273»", "code=918273",
        "[918273] is your code", "Your code:\n918273\nDo not share it", "OTP: 918273", "OTP-918273", "918273 (OTP)",
        "Version 20261 of Shop: verification code 918273",
        // The wrong number is nearer to a keyword. But it is in another sentence, near a weak keyword, after a prefix, or part
        // of a card number.
        "You have 4821 points. Code for Anna Lee: 918273", "Verify Anna's 4821 points. Code for Bo: 918273",
        "Code for ABC-482193 is 918273", "Your code for card: 4444 is 918273",
        "An OTP is needed for your transaction at Some Rather Long Merchant Name Private Limited with card XX1234, and is 918273",
    ])
    func otherNumbersAreNotMistakenForTheCode(text: String) {
        #expect(CodeExtractor.code(in: text)?.text == "918273")
    }

    @Test(
        arguments: [
            ("918-273 is your code", "918273"), ("Your code is 918 273", "918273"), ("Code: 91-82-73", "918273"),
            ("Code: 91 82 73.", "918273"), ("Your code is 918\u{2013}273", "918273"), ("code 918\u{A0}273", "918273"),
            ("code 918\u{202F}273", "918273"), ("code 918\u{2011}273", "918273"), ("Code 9182-7364", "91827364"),
            ("Your WhatsApp code: 918-273\nDo not share it", "918273"), ("您的验证码是 918 273，5分钟内有效", "918273"),
            ("code 918-273-645", "918273645"), ("Your code is 2027", "2027"), ("1984 is your code", "1984"),
            ("Your code is 20271122", "20271122"), ("PIN: 0000", "0000"),
            ("Codes: 123456 654321", "123456"), ("您的验证码824719,5分钟内有效", "824719"), ("验证码824719,30分钟内有效", "824719"),
            ("code 4821 2027-11-26", "4821"), ("Your code is 4821 30 minutes", "4821"),
            ("code \u{202A}918273\u{202C}", "918273"), ("code 91\u{200B}8273", "918273"), ("code ９１８２７３", "918273"),
            ("رمز التحقق الخاص بك هو ٩١٨٢٧٣", "918273"), ("आपका ओटीपी ९१८२७३ है", "918273"), ("کد شما ۹۱۸۲۷۳", "918273"),
        ]
    )
    func groupedAndNonASCIIDigitsAreRecognized(text: String, code: String) {
        #expect(CodeExtractor.code(in: text)?.text == code)
    }

    @Test(arguments: [
        "Ihr Sicherheitscode: 918273", "Ihr Bestätigungscode lautet 918273. Er gilt 5 Minuten.",
        "918273 ist Ihr Code für Auftrag 2027",
        "Ihre TAN für die Überweisung über 1.250,00 EUR auf Konto 4444 lautet 918273", "Dein Einmalpasswort: 918273",
        "Votre code de vérification est 918273", "918273 est votre code. Commande n° 20271", "Votre code est le 918273",
        "Su código de verificación es 918273", "Tu clave es 918273. Pedido 20270",
        "Código: 918273. Tarjeta terminada en 4444",
        "Seu código é 918273", "Sua senha: 918273. Cartão final 4444", "Il tuo codice è 918273",
        "Codice OTP 918273 per la carta 4444",
        "Je verificatiecode is 918273", "Uw beveiligingscode: 918273. Bestelling 20270", "Twój kod: 918273",
        "Kod 918273 do zamówienia 20270", "Din kod är 918273", "Engangskoden er 918273", "Vahvistuskoodisi on 918273",
        "Váš kód je 918273", "Doğrulama kodunuz: 918273", "Şifreniz 918273, siparişiniz 20270",
        "Ваш код подтверждения 918273",
        "Никому не сообщайте код: 918273", "Пароль 918273 для карты 4444", "Кодът ви е 918273",
        "Ο κωδικός σας είναι 918273",
        "您的驗證碼為 918273，請於5分鐘內輸入。", "【银行】尾号4444的卡验证码918273，金额5000元", "验证码：918273，订单号20271122",
        "動態密碼918273", "認証コード：918273", "確認コードは918273です。注文番号20270", "ワンタイムパスワード 918273",
        "인증번호 [918273]를 입력해 주세요", "인증번호는 918273 입니다. 주문번호 20270", "รหัส OTP ของคุณคือ 918273", "รหัสยืนยัน 918273 ใช้ได้ 5 นาที",
        "Mã xác minh của bạn là 918273", "918273 là mã OTP của bạn", "Kode verifikasi Anda adalah 918273",
        "Kode OTP: 918273. Pesanan 20270",
        "رمز التحقق: 918273", "كود التفعيل 918273", "קוד האימות שלך הוא 918273", "आपका कोड 918273 है",
        "Kodi yako ya OTP 918273",
        "Tu co\u{301}digo es 918273", "YOUR CODE IS 918273", "Votre mot de passe: 918273",
    ])
    func codesAreFoundInManyLanguages(text: String) {
        #expect(CodeExtractor.code(in: text)?.text == "918273")
    }

    @Test(arguments: ["swift-otp", "Acme", "Gift-Shop"])
    func codeOfEveryBuiltInTextIsFound(brand: String) throws {
        let templates = try MessageTemplates(brand: brand)
        for locale in MessageLocale.all {
            for purpose in [OTPPurpose.registration, .signIn, .passwordReset, .phoneNumberChange] {
                let text = templates.text(code: "918273", purpose: purpose, locale: locale, lifetime: .seconds(300))
                #expect(CodeExtractor.code(in: text)?.text == "918273", "\(text)")
            }
        }
    }

    @Test(arguments: [
        "", "Your order 123456 has shipped", "Your code is 123", "Your code is 12345678901",
        "We love encoded 123456 things",
        "code", "@example.com", "@example.com #", "Shopping at 8 tomorrow", "@ #123456", "😀",
        "Verified. Order 99887766 ships tomorrow.", "Your promo code SAVE2027 ends soon", "Promo code 20252026",
        "Use code PROMO-4821 for 20% off", "Use code GIFT-48213 today",
        "Your card 4111 1111 1111 1111 needs no PIN today", "PIN changed for card ending 4444",
        "PIN changed for XX123456",
        "Never share your PIN. Call 0800 123 456", "Never share your OTP. Questions? +65 9123 4567",
        "Password changed on 2026-11-25 10:30", "Password changed on 25.11.2026", "Verify your mail. © 2026 Shop",
        "No code is needed to pay $4500", "Your token balance is $123456", "Code postal 75001 Paris",
        "Barcode 12345678",
        "Post code: none. ZIP code 94105", "Token 222233******4444", "Open https://shop.example/123456 to verify",
        "Your code will be sent to user123456@shop.example", "Code sent to ****5678",
        "Password expires in 8640 minutes",
        "The OTP lives 3600 s", "PIN 4821.55", "Your code is 10-15 minutes away", "验证码短信已发送至尾号4444的手机",
        "Verification took 123,456 steps", "Password of years 2026-2027",
    ])
    func textsWithoutACodeHaveNone(text: String) {
        #expect(CodeExtractor.code(in: text) == nil)
    }

    @Test func codeIsFoundAmongManyKeywords() {
        let filler = String(repeating: "验证码", count: 600)
        #expect(CodeExtractor.code(in: filler) == nil)
        #expect(CodeExtractor.code(in: filler + "918273")?.text == "918273")
        #expect(CodeExtractor.code(in: "918273" + filler)?.text == "918273")
        let list = String(repeating: "code 4821 ", count: 200)
        #expect(CodeExtractor.code(in: list)?.text == "4821")
        // The text contains many weak keywords that are nearer than the strong keyword.
        let weak = String(repeating: "verify ", count: 6)
        #expect(CodeExtractor.code(in: "Your code for card 4444, \(weak): 918273")?.text == "918273")
    }
}

/// Tests of the cost of the code finder, measured in steps instead of time.
@Suite struct CodeSearchCostTests {
    private static let texts = [
        "code 1234 ", "1 ", "code", "+1", "12-", "1,", "a1b2c3 ", "验证码", "验证码1", "验证", "@", "://", "*1*", "no. ",
        "is code ", "sign in 4821 is ",
    ]
    .map { String(repeating: $0, count: 2000 / $0.count) }

    @Test(arguments: Self.texts)
    func eachCandidateIsComparedWithFewKeywords(text: String) {
        let text = CodeText(text)
        let keywords = CodeKeywords(text)
        for place in stride(from: 0, to: text.count - 4, by: 7) {
            let near = keywords.nearest(to: place..<(place + 4))
            #expect(near.count <= 4 * CodeKeywords.mostNeighbors)
            for isStrong in [true, false] {
                let hits = keywords.hits.filter { $0.isStrong == isStrong }
                let before = hits.last { $0.range.upperBound <= place }
                let after = hits.first { $0.range.lowerBound >= place + 4 }
                #expect([before, after].allSatisfy { $0.map(near.contains) ?? true }, "\(place)")
            }
        }
    }

    @Test(arguments: Self.texts)
    func wordsAreCutToTheComparedLength(text: String) {
        let text = CodeText(text)
        for place in stride(from: 0, through: text.count, by: 11) {
            #expect((text.word(endingAt: place)?.text.count ?? 0) <= CodeText.comparedLength)
            #expect((text.word(startingAt: place)?.count ?? 0) <= CodeText.comparedLength)
        }
    }

    @Test func vocabularyEntriesAreShorterThanTheComparedLength() {
        let entries = [
            CodeVocabulary.otherCodes, CodeVocabulary.otherCodeAttributes, CodeVocabulary.otherNumbers,
            CodeVocabulary.otherAccounts, CodeVocabulary.fillers, CodeVocabulary.abbreviations,
            CodeVocabulary.connectors, CodeVocabulary.currencies, Set(CodeVocabulary.timeUnits),
        ]
        for entry in entries.joined() { #expect(entry.count < CodeText.comparedLength, "\(entry)") }
    }

    @Test(arguments: ["", "a", " ", "is your code", "一二 3,4", "é1 n°2. X", "a  b", ".a.", "验证码"])
    func wordBoundariesEqualASearchFromEachPosition(text: String) {
        let text = CodeText(text)
        func isPart(_ index: Int) -> Bool { text.at(index).map(CodeText.isWordPart) ?? false }
        for end in 0...text.count {
            var start = end
            while isPart(start - 1) { start -= 1 }
            #expect(text.word(endingAt: end)?.start == (start < end ? start : nil))
            #expect(text.word(endingAt: end).map(\.text) == (start < end ? String(text.lowered[start..<end]) : nil))
            for first in 0...end {
                var words: [String] = []
                let isAll = text.allWords(in: first..<end) { word in
                    words.append(word)
                    return true
                }
                #expect(isAll)
                let expected = text.lowered[first..<end].split { !CodeText.isWordPart($0) }.map { String($0) }
                #expect(words == expected)
            }
        }
        for outside in [-1, text.count + 1] {
            #expect(text.word(endingAt: outside) == nil)
            #expect(text.word(startingAt: outside) == nil)
        }
    }

    /// Creates a cache that counts the searches.
    private static func cache() -> (cache: CodeCache, count: Count) {
        let count = Count()
        let cache = CodeCache { text in
            count.add()
            return CodeExtractor.code(in: text)
        }
        return (cache, count)
    }

    @Test(arguments: [["a 1"], ["code 1111", "code 2222"], ["no code here", "", "code 3333"]])
    func batchSearchesEachTextOnce(texts: [String]) async throws {
        let (cache, count) = Self.cache()
        let world = EmulatorWorld(.init())
        let service = MessageService(
            namespace: "default",
            rules: SendRules(AccountSettings()),
            account: world.account,
            carrier: world.carrier,
            inbox: world.inbox,
            faults: [3: .duplicate],
            requestID: "R",
            now: .now,
            clientTime: .now,
            codes: cache
        )
        let to = try #require(PhoneNumber(e164: "+6591234567"))
        for place in 0..<300 {
            let text = texts[place % texts.count]
            let order = ValidatedMessage(action: "", to: to, text: text, options: .init())
            let message = try await service.send(order, at: place)
            #expect(message.code == CodeExtractor.code(in: text)?.text)
        }
        #expect(count.value == texts.count)
        await world.carrier.reset()
    }

    @Test func templateVariableNeedsNoSearch() throws {
        let (cache, count) = Self.cache()
        let to = try #require(PhoneNumber(e164: "+8613800000000"))
        var order = ValidatedMessage(action: "", to: to, text: "您的验证码是824719", options: .init())
        order.template = .init(code: "SMS_1", parameters: ["code": "4821"])
        #expect(order.code(cache) == .init(text: "4821", rule: .templateVariable))
        #expect(count.value == 0)
        order.template = .init(code: "SMS_1", parameters: ["name": "4821"])
        #expect(order.code(cache)?.text == "824719")
        #expect(count.value == 1)
    }
}

/// A counter shared by closures.
private final class Count: Sendable {
    private let count = Mutex(0)

    var value: Int { self.count.withLock { $0 } }

    func add() { self.count.withLock { $0 += 1 } }
}
