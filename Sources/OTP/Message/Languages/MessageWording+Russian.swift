// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Russian language.
    public static var russian: Self { Self(builtIn: "ru") }
}

extension MessageWording {
    /// The Russian wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let russian = MessageWording(
        builtIn: .russian,
        [
            "{brand}: код {action} {code}, действует {validity}. Никому не сообщайте.",
            "{brand}: код {action} {code} ({minutes} мин). Никому не сообщайте.",
            "{brand}: код {code} ({minutes} мин). Никому не сообщайте.",
            "Код {brand} {code}, {minutes} мин. Не сообщать",
        ],
        actions: [
            .registration: "для регистрации",
            .signIn: "для входа",
            .passwordReset: "для смены пароля",
            .phoneNumberChange: "для смены номера",
        ],
        otherAction: "подтверждения",
        minutes: [
            .one: "{minutes} минуту", .few: "{minutes} минуты", .many: "{minutes} минут", .other: "{minutes} минуты",
        ],
        regions: "BY KG KZ RU"
    )
}
