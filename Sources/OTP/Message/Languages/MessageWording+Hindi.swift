// SPDX-License-Identifier: Apache-2.0

extension MessageLocale {
    /// The Hindi language.
    public static var hindi: Self { Self(builtIn: "hi") }
}

extension MessageWording {
    /// The Hindi wording, which is sent in the SMS encoding UCS-2, with 70 characters per segment.
    static let hindi = MessageWording(
        builtIn: .hindi,
        [
            "{brand} {action} कोड {code}, {validity} तक मान्य। इसे किसी को न बताएं।",
            "{brand} {action} कोड {code}, {validity} तक मान्य। किसी को न बताएं।",
            "{brand} कोड {code}, {validity} तक मान्य। किसी को न बताएं।",
            "{brand} कोड {code}, {validity}। गुप्त रखें",
        ],
        actions: [
            .registration: "पंजीकरण",
            .signIn: "लॉगिन",
            .passwordReset: "पासवर्ड रीसेट",
            .phoneNumberChange: "नंबर परिवर्तन",
        ],
        otherAction: "पुष्टि",
        minutes: [.other: "{minutes} मिनट"]
    )
}
