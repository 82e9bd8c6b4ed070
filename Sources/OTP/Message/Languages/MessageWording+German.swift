// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The German language.
    public static var german: Self { Self(builtIn: "de") }
}

extension MessageWording {
    /// The German wording, which is sent in the SMS encoding GSM-7, with 160 characters per segment.
    static let german = MessageWording(
        builtIn: .german,
        [
            "{brand}: Ihr Code {action} lautet {code}. {validity} gültig. Geben Sie ihn niemals weiter. Unsere Mitarbeiter fragen nie danach.",
            "{brand}: Ihr Code lautet {code}. {validity} gültig. Geben Sie ihn nicht weiter.",
        ],
        actions: [
            .registration: "zur Registrierung",
            .signIn: "zur Anmeldung",
            .passwordReset: "zum Zurücksetzen des Passworts",
            .phoneNumberChange: "zur Änderung der Telefonnummer",
        ],
        otherAction: "zur Bestätigung Ihrer Anfrage",
        minutes: [.one: "1 Minute", .other: "{minutes} Minuten"],
        regions: "AT DE LI"
    )
}
