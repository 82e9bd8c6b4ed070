// SPDX-License-Identifier: Apache-2.0

import Foundation
public import Redaction
import TextFormats

/// The settings of a human check with a `siteverify` provider.
public struct SiteVerifyConfiguration: Sendable {
    /// The provider.
    public var provider: SiteVerifyProvider

    /// The secret key that the provider issued for the site.
    public var secret: String

    /// The host names of the pages that may show the widget, such as `example.com`, in upper or lower case.
    ///
    /// If the set is empty, every host name is accepted. The provider still compares the host name with the domains that are
    /// registered for the site.
    public var hostnames: Set<String>

    /// The public key of the site; `nil` to send no key to the provider.
    ///
    /// Providers such as hCaptcha compare this key with the key of the widget.
    public var siteKey: String?

    /// The lowest score that counts as passed, from 0 to 1.
    ///
    /// The setting has no effect for providers without a score.
    public var minimumScore = 0.5

    /// The URL of the verification endpoint; by default the ``SiteVerifyProvider/url`` of the provider.
    ///
    /// The URL must begin with `https:`. For this machine (`localhost`), `http:` is also allowed.
    public var url: String

    /// The timeout of one request; by default 5 seconds.
    public var timeout: Duration = .seconds(5)

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - provider: The provider.
    ///   - secret: The secret key of the site.
    ///   - hostnames: The host names of the pages that may show the widget; an empty set accepts every page.
    public init(_ provider: SiteVerifyProvider, secret: String, hostnames: Set<String>) {
        self.provider = provider
        self.secret = secret
        self.hostnames = hostnames
        self.url = provider.url
    }

    /// Checks the settings.
    ///
    /// - Throws: ``SiteVerifyError`` with the code `configuration` and the name of the invalid setting.
    public func validate() throws(SiteVerifyError) {
        try Self.check(!self.secret.isEmpty && self.secret.utf8.count <= 1_024, "secret", "must have 1 to 1024 bytes")
        try Self.check(0...1 ~= self.minimumScore, "minimumScore", "must be 0 to 1")
        try Self.check(
            .milliseconds(100)...(.seconds(60)) ~= self.timeout,
            "timeout",
            "must be 100 milliseconds to 60 seconds"
        )
        try Self.check(
            Self.isUsable(self.url),
            "url",
            "must be an https URL with a host: the request contains the secret"
        )
    }

    private static func isUsable(_ text: String) -> Bool {
        guard let url = URL(string: text), let host = url.host(), !host.isEmpty, url.user() == nil else { return false }
        return url.scheme == "https" || (url.scheme == "http" && host.isLoopbackHost)
    }

    private static func check(_ condition: Bool, _ setting: String, _ message: String) throws(SiteVerifyError) {
        guard condition else { throw SiteVerifyError(.configuration, "\(setting) \(message)") }
    }
}

extension SiteVerifyConfiguration: Redacted {
    /// The provider and the host names, without the secret.
    public var description: String {
        "SiteVerifyConfiguration(\(self.provider), hostnames: \(self.hostnames.sorted()))"
    }
}
