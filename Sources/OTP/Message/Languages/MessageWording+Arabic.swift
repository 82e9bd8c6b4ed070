// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Arabic language.
    public static var arabic: Self { Self(builtIn: "ar") }
}

extension MessageWording {
    /// The Arabic wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    ///
    /// Each text begins with an Arabic word, because the first word determines the text direction.
    static let arabic = MessageWording(
        builtIn: .arabic,
        [
            "رمز {brand} {action}: {code}، صالح لمدة {validity}. لا تشاركه مع أحد.",
            "رمز {brand} {action}: {code}، صالح لمدة {validity}. لا تشاركه.",
            "رمز {brand}: {code}، صالح {validity}، لا تشاركه.",
            "رمز {brand} {code}، {validity}، لا تشاركه",
        ],
        actions: [
            .registration: "لإنشاء حساب",
            .signIn: "لتسجيل الدخول",
            .passwordReset: "لاستعادة الحساب",
            .phoneNumberChange: "لتغيير الرقم",
        ],
        otherAction: "لتأكيد طلبك",
        minutes: [
            .one: "دقيقة", .two: "دقيقتين", .few: "{minutes} دقائق", .many: "{minutes} دقيقة",
            .other: "{minutes} دقيقة",
        ],
        regions: "DZ EG IQ JO LB LY MA MR OM PS SA SD SY TN YE"
    )
}
