// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Thai language.
    public static var thai: Self { Self(builtIn: "th") }
}

extension MessageWording {
    /// The Thai wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    ///
    /// Each vowel mark and each tone mark counts as a character.
    static let thai = MessageWording(
        builtIn: .thai,
        [
            "รหัสยืนยัน {brand} สำหรับ{action}: {code} ใช้ได้ {validity} ห้ามบอกใคร",
            "รหัส {brand} เพื่อ{action} {code} ใช้ได้ {validity} ห้ามบอกใคร",
            "รหัสยืนยัน {brand}: {code} ใช้ได้ {validity} ห้ามบอกใคร",
            "รหัส {brand} {code}, {validity} อย่าบอกใคร",
        ],
        actions: [
            .registration: "สมัครสมาชิก",
            .signIn: "เข้าสู่ระบบ",
            .passwordReset: "ตั้งรหัสผ่านใหม่",
            .phoneNumberChange: "เปลี่ยนเบอร์",
        ],
        otherAction: "ยืนยันตัวตน",
        minutes: [.other: "{minutes} นาที"],
        regions: "TH"
    )
}
