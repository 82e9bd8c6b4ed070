// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The French language.
    public static var french: Self { Self(builtIn: "fr") }
}

extension MessageWording {
    /// The French wording.
    ///
    /// The texts avoid words with ç, ê and other letters that the SMS encoding GSM-7 does not contain.
    static let french = MessageWording(
        builtIn: .french,
        [
            "Votre code {brand} pour {action} : {code}. Valable {validity}. Ne le communiquez à personne. Notre équipe ne vous le demande jamais.",
            "Votre code {brand} : {code}. Valable {validity}. Ne le communiquez à personne.",
        ],
        actions: [
            .registration: "créer votre compte",
            .signIn: "vous connecter",
            .passwordReset: "réinitialiser votre mot de passe",
            .phoneNumberChange: "changer de numéro",
        ],
        otherAction: "confirmer votre demande",
        minutes: [.one: "1 minute", .other: "{minutes} minutes"],
        regions: "BF BJ BL CD CF CG CI DJ FR GA GF GN GP HT MC MF ML MQ NC NE PF PM RE SN TD TG WF YT"
    )
}
