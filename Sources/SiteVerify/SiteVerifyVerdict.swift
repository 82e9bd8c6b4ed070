// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A provider's verdict about the text that the widget of a human check returned.
struct SiteVerifyVerdict: Sendable {
    /// Error codes that report a fault in the operator's settings.
    private static let blamesSettings: Set<String> = [
        "missing-input-secret", "invalid-input-secret", "sitekey-secret-mismatch", "invalid-sitekey",
        "not-using-dummy-secret", "not-using-dummy-passcode",
    ]
    /// Error codes that report a fault of the provider.
    ///
    /// With such an error code, the provider has not decided whether the user passed the check.
    private static let blamesProvider: Set<String> = ["internal-error", "bad-request"]

    let isSuccess: Bool
    let hostname: String?
    let action: String?
    let customerData: String?
    let score: Double?

    /// Parses the body of the provider's HTTP response.
    ///
    /// A body with duplicate members is rejected, because some JSON parsers use the first value and others use the last.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``SiteVerifyError`` if the body is not a verdict, or reports a fault of the settings or the provider.
    init(_ body: [UInt8]) throws(SiteVerifyError) {
        let rules = JSONRules(maximumDepth: 8, duplicates: .rejected, allowsNUL: false)
        guard let json = try? JSON(parsing: body, rules: rules), let success = json["success"]?.bool else {
            throw SiteVerifyError(.unreadable, "the response of the provider is no verdict")
        }
        self.isSuccess = success
        self.hostname = try Self.string(json, "hostname")
        self.action = try Self.string(json, "action")
        self.customerData = try Self.string(json, "cdata")
        self.score = json["score"]?.double
        guard !success else { return }
        let codes = Set(json["error-codes"]?.strings ?? [])
        guard codes.isDisjoint(with: Self.blamesSettings) else {
            throw SiteVerifyError(.refusedSecret, "the provider does not accept the secret or the site key")
        }
        guard codes.isDisjoint(with: Self.blamesProvider) else {
            throw SiteVerifyError(.providerFault, "the provider reports a fault of its own")
        }
    }

    private static func string(_ json: JSON, _ name: String) throws(SiteVerifyError) -> String? {
        switch json[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw SiteVerifyError(.unreadable, "a member of the provider's response has an unexpected type")
        }
    }
}
