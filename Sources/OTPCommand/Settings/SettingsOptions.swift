// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The settings that can be set by options.
///
/// There are no options for secrets.
struct SendingOptions: ParsableArguments {
    @Option(help: "The regions to which codes are sent, such as SG,GB, or all (OTP_COUNTRIES).")
    var countries: String?

    @Option(help: "The URL of the gateway (OTP_SMS_ENDPOINT).")
    var smsEndpoint: String?

    @Option(help: "The sender ID (OTP_SMS_SENDER_ID).")
    var senderID: String?

    @Option(help: "The name of the sender in the text (OTP_BRAND).")
    var brand: String?

    @Option(help: "The host of the site that may autofill the code (OTP_ORIGIN).")
    var origin: String?

    @Option(help: "The languages of the messages, such as en,fr; the first serves all other regions (OTP_LANGUAGES).")
    var languages: String?

    @Option(help: "A JSON file with custom texts (OTP_TEXTS).")
    var texts: String?

    @Option(help: "The maximum number of segments of a message, 1 to 8 (OTP_MAXIMUM_SEGMENTS).")
    var maximumSegments: String?

    @Option(help: "The code of a resend: repeat or renew (OTP_RESEND).")
    var resendPolicy: String?

    var settings: Settings {
        let options = [
            "OTP_COUNTRIES": self.countries, "OTP_SMS_ENDPOINT": self.smsEndpoint, "OTP_SMS_SENDER_ID": self.senderID,
            "OTP_BRAND": self.brand, "OTP_ORIGIN": self.origin, "OTP_RESEND": self.resendPolicy,
            "OTP_LANGUAGES": self.languages, "OTP_TEXTS": self.texts,
            "OTP_MAXIMUM_SEGMENTS": self.maximumSegments,
        ]
        return Settings(
            options: options.compactMapValues { $0 },
            environment: ProcessInfo.processInfo.environment
        )
    }
}

extension Settings {
    /// The settings from the environment alone.
    static var environment: Settings { Settings(environment: ProcessInfo.processInfo.environment) }
}
