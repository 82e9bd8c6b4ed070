// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Chinese language in traditional characters.
    public static var traditionalChinese: Self { Self(builtIn: "zh-Hant") }
}

extension MessageWording {
    /// The wording in traditional Chinese, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let traditionalChinese = MessageWording(
        builtIn: .traditionalChinese,
        [
            "【{brand}】驗證碼{code}，用於{action}，{validity}內有效。請勿告訴他人，員工絕不會索取。",
            "【{brand}】驗證碼{code}，{validity}內有效，請勿告訴他人。",
        ],
        actions: [
            .registration: "註冊帳號",
            .signIn: "登入",
            .passwordReset: "重設密碼",
            .phoneNumberChange: "更換手機號碼",
        ],
        otherAction: "身分驗證",
        minutes: [.other: "{minutes}分鐘"],
        regions: "HK MO TW"
    )
}
