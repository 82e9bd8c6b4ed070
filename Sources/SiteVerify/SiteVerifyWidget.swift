// SPDX-License-Identifier: Apache-2.0

/// The values that a web page passes to the widget of a human check, such as Turnstile.
///
/// The provider of the check repeats the values in its verdict. ``SiteVerifyCheck`` compares the values with the request for a
/// code, so that a passed check is valid only for a request with the same values.
public struct SiteVerifyWidget: Sendable, Hashable, Codable {
    /// The value for the widget's setting `action` (Turnstile and reCAPTCHA v3); `nil` if the provider returns no action.
    public var action: String?

    /// The value for the widget's setting `cData` (Turnstile); `nil` if the provider returns no customer data.
    public var customerData: String?

    /// Creates values.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - customerData: The customer data.
    public init(action: String?, customerData: String?) {
        self.action = action
        self.customerData = customerData
    }
}
