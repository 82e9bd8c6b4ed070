// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Polish language.
    public static var polish: Self { Self(builtIn: "pl") }
}

extension MessageWording {
    /// The Polish wording.
    ///
    /// The texts avoid words with ą, ę, ł, ś and ż, because the SMS encoding GSM-7 does not contain these letters.
    static let polish = MessageWording(
        builtIn: .polish,
        [
            "{brand}: {code} to kod {action}. Wygasa po {validity}. Nie podawaj go nikomu. Nasz personel nigdy o niego nie zapyta.",
            "{brand}: kod {code}. Wygasa po {validity}. Nie podawaj go nikomu.",
        ],
        actions: [
            .registration: "do rejestracji",
            .signIn: "do logowania",
            .passwordReset: "do odzyskania konta",
            .phoneNumberChange: "do zmiany numeru telefonu",
        ],
        otherAction: "do potwierdzenia operacji",
        minutes: [
            .one: "1 minucie", .few: "{minutes} minutach", .many: "{minutes} minutach", .other: "{minutes} minuty",
        ],
        regions: "PL"
    )
}
