// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Portuguese language, in words that are common to Brazil and Portugal.
    public static var portuguese: Self { Self(builtIn: "pt") }
}

extension MessageWording {
    /// The Portuguese wording, in words that are common to Brazil and Portugal.
    ///
    /// The word `código` has a letter outside the SMS encoding GSM-7. Therefore the texts are sent in UCS-2, with 70 characters
    /// per segment.
    static let portuguese = MessageWording(
        builtIn: .portuguese,
        [
            "{brand}: código {code} para {action}. Válido por {validity}. Não o revele.",
            "{brand}: código {code} para {action}. Vale {minutes} min. Não revele.",
            "{brand}: código {code}. Vale {minutes} min. Não o revele a ninguém.",
            "{brand}: código {code}. Vale {minutes} min. Não o revele.",
            "Código {brand} {code}, {minutes} min. Não o dê",
        ],
        actions: [
            .registration: "criar a conta",
            .signIn: "entrar",
            .passwordReset: "mudar a senha",
            .phoneNumberChange: "mudar número",
        ],
        otherAction: "confirmar",
        minutes: [.one: "1 minuto", .other: "{minutes} minutos"],
        regions: "AO BR CV GW MZ PT ST"
    )
}
