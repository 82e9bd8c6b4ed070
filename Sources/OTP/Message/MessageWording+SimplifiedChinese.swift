extension MessageWording {
    /// Chinese in simplified characters; a message holds 70 of them.
    static let simplifiedChinese = MessageWording(
        locale: .simplifiedChinese,
        actions: [
            .registration: "注册账号",
            .signIn: "登录",
            .passwordReset: "重置密码",
            .phoneNumberChange: "更换手机号",
        ],
        otherAction: "身份验证"
    ) { brand, code, action, minutes in
        "【\(brand)】验证码\(code)，用于\(action)，\(minutes)分钟内有效。勿告诉他人，员工绝不索要。"
    }
}
