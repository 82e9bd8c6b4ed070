// SPDX-License-Identifier: Apache-2.0

import OTPEnvironment

/// The lists of environment variables in help texts.
enum EnvironmentHelp {
    /// The variables of commands that send no message.
    static let store = "OTP_REDIS_URL, OTP_KEYS; optional: OTP_NUMBERING_PLAN, OTP_DEVICE_LANE"

    /// The variables of `otp guard`.
    static let sendGuard = "OTP_REDIS_URL, OTP_KEYS, OTP_GUARD"

    /// The variables of commands that send messages.
    static let sending = """
        required: OTP_REDIS_URL, OTP_KEYS, OTP_COUNTRIES, and
          ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET
          or another source of Alibaba's credential chain
        optional:
        """ + "\n" + Self.lines(of: Self.optional)

    /// The variables of commands that read the inbox.
    static let inbox = "OTP_INBOX_URL, or else OTP_SMS_ENDPOINT; OTP_INBOX_NAMESPACE, OTP_INBOX_TOKEN"

    private static let required: Set = [
        "OTP_REDIS_URL", "OTP_KEYS", "OTP_COUNTRIES", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ]

    private static var optional: [String] {
        OTPSettings.variables.filter { !self.required.contains($0) && $0 == $0.uppercased() }
    }

    /// Joins names with commas, in lines of at most 70 characters.
    private static func lines(of names: [String]) -> String {
        var lines: [String] = []
        for name in names {
            if let last = lines.last, last.count + name.count < 70 {
                lines[lines.count - 1] = "\(last), \(name)"
            } else {
                lines.append("  \(name)")
            }
        }
        return lines.joined(separator: ",\n")
    }

    /// Indents each line of a text, except the first, by two spaces.
    static func indented(_ text: String) -> String { text.replacing("\n", with: "\n  ") }
}
