// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Korean language.
    public static var korean: Self { Self(builtIn: "ko") }
}

extension MessageWording {
    /// The Korean wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let korean = MessageWording(
        builtIn: .korean,
        [
            "[{brand}] {action} 인증번호 {code}({validity} 유효). 타인에게 알려주지 마세요. 직원은 묻지 않습니다.",
            "[{brand}] 인증번호 {code}({validity} 유효). 타인에게 알려주지 마세요.",
            "[{brand}] 인증번호 {code}({validity} 유효) 타인 공유 금지",
        ],
        actions: [
            .registration: "회원가입",
            .signIn: "로그인",
            .passwordReset: "비밀번호 재설정",
            .phoneNumberChange: "전화번호 변경",
        ],
        otherAction: "본인 확인",
        minutes: [.other: "{minutes}분"],
        regions: "KR"
    )
}
