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
        ] as [(String, String, InboxMessage.CodeRule)]
    )
    func aCodeIsFound(text: String, code: String, rule: InboxMessage.CodeRule) {
        #expect(CodeExtractor.code(in: text) == .init(text: code, rule: rule))
    }

    @Test(arguments: [
        "", "Your order 123456 has shipped", "Your code is 123", "Your code is 12345678901",
        "We love encoded 123456 things",
        "code", "@example.com", "@example.com #", "Shopping at 8 tomorrow", "@ #123456", "😀",
    ])
    func whatIsNoCodeIsNotTakenForOne(text: String) {
        #expect(CodeExtractor.code(in: text) == nil)
    }
}
