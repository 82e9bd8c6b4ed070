// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The English language.
    public static var english: Self { Self(builtIn: "en") }
}

extension MessageWording {
    /// The English wording, which is sent in the SMS encoding GSM-7, with 160 characters per segment.
    static let english = MessageWording(
        builtIn: .english,
        [
            "{brand} verification code {code} to {action}. Valid for {validity}. Never share it. Our staff will never ask for it.",
            "{brand} code {code}, valid for {validity}. Never share it.",
        ],
        actions: [
            .registration: "create your account",
            .signIn: "sign in",
            .passwordReset: "reset your password",
            .phoneNumberChange: "change your phone number",
        ],
        otherAction: "confirm your request",
        minutes: [.one: "1 minute", .other: "{minutes} minutes"]
    )
}
