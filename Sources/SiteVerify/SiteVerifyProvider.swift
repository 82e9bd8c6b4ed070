// SPDX-License-Identifier: Apache-2.0

/// A provider of human checks that implements the `siteverify` protocol.
public struct SiteVerifyProvider: Sendable, Hashable, CustomStringConvertible {
    /// The name of the provider, such as `turnstile`.
    public let description: String

    /// The URL of the provider's verification endpoint.
    public let url: String

    /// The time for which the provider accepts a response after the widget has created it.
    ///
    /// A response is the text that the widget creates when a person passes the check.
    public let responseLifetime: Duration

    /// Whether the verdict contains the action that the page passed to the widget.
    public let returnsAction: Bool

    /// Whether the verdict contains the customer data (`cData`) that the page passed to the widget.
    ///
    /// Without customer data, a response is not bound to a phone number.
    public let returnsCustomerData: Bool

    /// Whether the verdict contains a score from 0 (probably a bot) to 1 (probably a person).
    public let returnsScore: Bool

    /// Cloudflare Turnstile, which returns an action and customer data.
    ///
    /// The widget's response is valid for 5 minutes.
    public static let turnstile = Self(
        description: "turnstile",
        url: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        responseLifetime: .seconds(300),
        returnsAction: true,
        returnsCustomerData: true,
        returnsScore: false
    )

    /// hCaptcha, which returns no action and no customer data.
    ///
    /// The widget's response is valid for 2 minutes.
    public static let hCaptcha = Self(
        description: "hcaptcha",
        url: "https://api.hcaptcha.com/siteverify",
        responseLifetime: .seconds(120),
        returnsAction: false,
        returnsCustomerData: false,
        returnsScore: false
    )

    /// Google reCAPTCHA v2, which returns no action and no customer data.
    ///
    /// The widget's response is valid for 2 minutes.
    public static let reCAPTCHA = Self(
        description: "recaptcha",
        url: "https://www.google.com/recaptcha/api/siteverify",
        responseLifetime: .seconds(120),
        returnsAction: false,
        returnsCustomerData: false,
        returnsScore: false
    )

    /// Google reCAPTCHA v3, which returns an action and a score.
    ///
    /// The widget's response is valid for 2 minutes.
    ///
    /// Google forbids actions that identify a user. The action contains only the purpose of the code, such as `sign_in`. The
    /// widget's response is therefore bound to the purpose, but not to the phone number.
    public static let reCAPTCHAv3 = Self(
        description: "recaptcha-v3",
        url: "https://www.google.com/recaptcha/api/siteverify",
        responseLifetime: .seconds(120),
        returnsAction: true,
        returnsCustomerData: false,
        returnsScore: true
    )

    /// All providers.
    public static let all: [Self] = [.turnstile, .hCaptcha, .reCAPTCHA, .reCAPTCHAv3]

    /// Returns the action that the page passes to the widget for a purpose.
    ///
    /// Characters other than ASCII letters and digits become `_`, because reCAPTCHA rejects characters such as `-`. Different
    /// purposes can therefore have the same action.
    ///
    /// - Parameter purpose: The name of the purpose, such as `sign-in`.
    /// - Returns: The action, such as `sign_in`, of at most 32 characters.
    public static func action(for purpose: String) -> String {
        String(purpose.prefix(32).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
