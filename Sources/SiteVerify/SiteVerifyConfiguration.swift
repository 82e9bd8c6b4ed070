// SPDX-License-Identifier: Apache-2.0

import Foundation
public import Redaction
import TextFormats

/// The settings of a human check with a `siteverify` provider.
public struct SiteVerifyConfiguration: Sendable {
    /// The provider.
    public var provider: SiteVerifyProvider

    /// The secret key of the site, which the provider issued.
    public var secret: String

    /// The host names of the pages that may show the widget, in any case, such as `example.com`.
    ///
    /// A response from any other page fails. If the set is empty, every host name is accepted, and only the domain list in the
    /// provider's console counts.
    public var hostnames: Set<String>

    /// The public key of the site, for providers that compare it, such as hCaptcha; `nil` to omit it.
    public var siteKey: String?

    /// The lowest score that counts as passed, from 0 to 1; only for providers that return a score.
    public var minimumScore = 0.5

    /// The URL of the endpoint; by default the provider's.
    ///
    /// It must be `https:`, except on this machine.
    public var url: String

    /// The longest time for one request; by default 5 seconds.
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
    /// - Throws: ``SiteVerifyError`` with the code `configuration` that names the setting.
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
    /// The provider and the host names.
    ///
    /// The secret is never shown.
    public var description: String {
        "SiteVerifyConfiguration(\(self.provider), hostnames: \(self.hostnames.sorted()))"
    }
}
