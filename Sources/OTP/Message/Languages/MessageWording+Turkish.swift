// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// Turkish.
    public static var turkish: Self { Self(builtIn: "tr") }
}

extension MessageWording {
    /// Turkish; words without ç, ğ, ı and ş keep it in GSM-7, so a verification code is `onay kodu`.
    static let turkish = MessageWording(
        builtIn: .turkish,
        [
            "{brand} {action} onay kodu: {code}. Süresi {validity}. Kodu kimseye vermeyin. Ekibimiz bu kodu sizden asla istemez.",
            "{brand} onay kodu: {code}. Süresi {validity}. Kimseye vermeyin.",
        ],
        actions: [
            .registration: "üyelik",
            .signIn: "oturum",
            .passwordReset: "parola yenileme",
            .phoneNumberChange: "telefon güncelleme",
        ],
        otherAction: "talep",
        minutes: [.other: "{minutes} dakika"],
        regions: "TR"
    )
}
