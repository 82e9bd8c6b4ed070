// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Italian language.
    public static var italian: Self { Self(builtIn: "it") }
}

extension MessageWording {
    /// The Italian wording, which is sent in the SMS encoding GSM-7, with 160 characters per segment.
    static let italian = MessageWording(
        builtIn: .italian,
        [
            "{brand}: il tuo codice per {action} è {code}. Scade tra {validity}. Non condividerlo con nessuno. Il nostro staff non te lo chiederà mai.",
            "{brand}: il tuo codice è {code}. Scade tra {validity}. Non condividerlo.",
        ],
        actions: [
            .registration: "creare l'account",
            .signIn: "accedere",
            .passwordReset: "reimpostare la password",
            .phoneNumberChange: "cambiare numero di telefono",
        ],
        otherAction: "confermare la richiesta",
        minutes: [.one: "1 minuto", .other: "{minutes} minuti"],
        regions: "IT SM VA"
    )
}
