// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Japanese language.
    public static var japanese: Self { Self(builtIn: "ja") }
}

extension MessageWording {
    /// The Japanese wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let japanese = MessageWording(
        builtIn: .japanese,
        [
            "【{brand}】{action}の認証コード：{code}（{validity}有効）。他人に教えないでください。社員がお尋ねすることはありません。",
            "【{brand}】認証コード：{code}（{validity}有効）。他人に教えないでください。",
            "【{brand}】認証コード{code}、{validity}有効。共有しないでください。",
        ],
        actions: [
            .registration: "アカウント登録",
            .signIn: "ログイン",
            .passwordReset: "パスワード再設定",
            .phoneNumberChange: "電話番号変更",
        ],
        otherAction: "本人確認",
        minutes: [.other: "{minutes}分間"],
        regions: "JP"
    )
}
