// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Turkish language.
    public static var turkish: Self { Self(builtIn: "tr") }
}

extension MessageWording {
    /// The Turkish wording.
    ///
    /// The texts avoid words with ç, ğ, ı and ş, because the SMS encoding GSM-7 does not contain these letters. Therefore a
    /// verification code is called `onay kodu`.
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
