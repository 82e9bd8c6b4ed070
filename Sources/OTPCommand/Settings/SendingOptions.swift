// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import OTPEnvironment

/// The command-line options that override the settings for sending messages.
///
/// Secrets have no option.
struct SendingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The regions to which codes are sent, such as SG,GB, or all (OTP_COUNTRIES).",
            valueName: "list"
        )
    )
    var countries: String?

    @Option(help: ArgumentHelp("The URL of the gateway (OTP_SMS_ENDPOINT).", valueName: "url"))
    var smsEndpoint: String?

    @Option(help: ArgumentHelp("The sender ID (OTP_SMS_SENDER_ID).", valueName: "id"))
    var senderID: String?

    @Option(help: ArgumentHelp("The name of the sender in the text (OTP_BRAND).", valueName: "name"))
    var brand: String?

    @Option(help: ArgumentHelp("The host of the site that may autofill the code (OTP_ORIGIN).", valueName: "host"))
    var origin: String?

    @Option(
        help: ArgumentHelp(
            "The languages of the messages, such as en,fr; the first serves all other regions (OTP_LANGUAGES).",
            valueName: "list"
        )
    )
    var languages: String?

    @Option(help: ArgumentHelp("A JSON file with custom texts (OTP_TEXTS).", valueName: "file"))
    var texts: String?

    @Option(
        help: ArgumentHelp(
            "The maximum number of segments of a message, 1 to 8 (OTP_MAXIMUM_SEGMENTS).",
            valueName: "number"
        )
    )
    var maximumSegments: String?

    @Option(help: ArgumentHelp("The code of a resend: repeat or renew (OTP_RESEND).", valueName: "policy"))
    var resendPolicy: String?

    @OptionGroup var sources: SourceOptions

    /// The settings from all sources.
    ///
    /// The values of these options have the highest precedence.
    var settings: OTPSettings {
        get throws(OTPSettingsError) { try OTPSettings(options: self.values) }
    }

    /// The values of the options, keyed by the overridden variables.
    var values: [Variable: String] {
        let options: [Variable: String?] = [
            .countries: self.countries, .smsEndpoint: self.smsEndpoint, .senderID: self.senderID,
            .brand: self.brand, .origin: self.origin, .resend: self.resendPolicy, .languages: self.languages,
            .texts: self.texts, .maximumSegments: self.maximumSegments,
        ]
        return self.sources.values.merging(options.compactMapValues(\.self)) { $1 }
    }
}
