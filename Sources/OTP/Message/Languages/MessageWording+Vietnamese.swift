// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Vietnamese language.
    public static var vietnamese: Self { Self(builtIn: "vi") }
}

extension MessageWording {
    /// The Vietnamese wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let vietnamese = MessageWording(
        builtIn: .vietnamese,
        [
            "{brand}: mã {action} {code}, hiệu lực {validity}. Không chia sẻ với ai.",
            "{brand}: mã {action} {code}, hiệu lực {validity}. Không chia sẻ.",
            "{brand}: mã {action} {code} ({validity}). Không chia sẻ.",
            "Mã {brand}: {code}, hiệu lực {validity}. Không chia sẻ.",
            "Mã {brand} {code}, {validity}. Giữ bí mật.",
        ],
        actions: [
            .registration: "đăng ký",
            .signIn: "đăng nhập",
            .passwordReset: "đặt lại mật khẩu",
            .phoneNumberChange: "đổi số điện thoại",
        ],
        otherAction: "xác nhận",
        minutes: [.other: "{minutes} phút"],
        regions: "VN"
    )
}
