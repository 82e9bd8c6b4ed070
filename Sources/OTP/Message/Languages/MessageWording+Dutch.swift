// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Dutch language.
    public static var dutch: Self { Self(builtIn: "nl") }
}

extension MessageWording {
    /// The Dutch wording, in which every character is one unit of GSM-7.
    static let dutch = MessageWording(
        builtIn: .dutch,
        [
            "{brand}: je code om {action} is {code}. {validity} geldig. Deel hem met niemand. Onze medewerkers vragen er nooit om.",
            "{brand}: je code is {code}. {validity} geldig. Deel hem met niemand.",
        ],
        actions: [
            .registration: "je account aan te maken",
            .signIn: "in te loggen",
            .passwordReset: "je wachtwoord te herstellen",
            .phoneNumberChange: "je telefoonnummer te wijzigen",
        ],
        otherAction: "je aanvraag te bevestigen",
        minutes: [.one: "1 minuut", .other: "{minutes} minuten"],
        regions: "NL SR"
    )
}
