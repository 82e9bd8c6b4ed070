// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Dutch language.
    public static var dutch: Self { Self(builtIn: "nl") }
}

extension MessageWording {
    /// The Dutch wording, which is sent in the SMS encoding GSM-7, with 160 characters per segment.
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
