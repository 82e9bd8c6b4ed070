// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Chinese language in simplified characters.
    public static var simplifiedChinese: Self { Self(builtIn: "zh-Hans") }
}

extension MessageWording {
    /// The wording in simplified Chinese, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let simplifiedChinese = MessageWording(
        builtIn: .simplifiedChinese,
        [
            "【{brand}】验证码{code}，用于{action}，{validity}内有效。请勿告诉他人，工作人员绝不会索要。",
            "【{brand}】验证码{code}，{validity}内有效，请勿告诉他人。",
        ],
        actions: [
            .registration: "注册账号",
            .signIn: "登录",
            .passwordReset: "重置密码",
            .phoneNumberChange: "更换手机号",
        ],
        otherAction: "身份验证",
        minutes: [.other: "{minutes}分钟"],
        regions: "CN"
    )
}
