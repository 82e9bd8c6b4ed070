// SPDX-License-Identifier: Apache-2.0

/// The values that a page passes to the provider's widget.
///
/// The provider repeats the values in its verdict. A response is therefore valid only for requests with the same values.
public struct SiteVerifyWidget: Sendable, Hashable, Codable {
    /// The action: `action` of Turnstile and reCAPTCHA v3; `nil` if the provider returns none.
    public var action: String?

    /// The customer data: `cData` of Turnstile; `nil` if the provider returns none.
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
