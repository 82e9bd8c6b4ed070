// SPDX-License-Identifier: Apache-2.0

import Foundation
import Redaction
import SendGuard
import TextFormats

/// The receiver of webhooks.
package struct WebhookEndpoint: Sendable {
    let url: String
    let secrets: [WebhookSecret]
    package let allowsPrivateAddresses: Bool

    /// Creates an endpoint.
    ///
    /// - Parameters:
    ///   - url: The URL, which begins with `https:`.
    ///   - secrets: The secrets, each of which signs all webhooks. During a rotation, there are two secrets.
    ///   - allowsPrivateAddresses: Whether the receiver may be on this machine or in a private network. If `true`, the URL may
    ///     also begin with `http:`.
    /// - Throws: ``WebhookError`` if the URL is invalid, or if it contains a private address that is not allowed.
    package init(
        url: String,
        secrets: [WebhookSecret],
        allowsPrivateAddresses: Bool = false
    ) throws(WebhookError) {
        guard let parts = URL(string: url), let host = parts.host(), !host.isEmpty, parts.user() == nil,
            parts.password() == nil, parts.fragment() == nil, url.utf8.count <= 2_048
        else { throw WebhookError(.invalidURL, "it is not a URL with a host and without a user and a fragment") }
        guard parts.scheme == "https" || (allowsPrivateAddresses && parts.scheme == "http") else {
            throw WebhookError(.invalidURL, "it must begin with https:")
        }
        let address = SourceAddress(host.trimmingCharacters(in: ["[", "]"]))
        guard allowsPrivateAddresses || (address?.isPublic ?? !host.isLoopbackHost) else {
            throw WebhookError(.privateAddress, "it is an address of this machine or of a private network")
        }
        self.url = url
        self.secrets = secrets
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }
}

extension WebhookEndpoint: Redacted {
    /// The name of the type without the URL, which can contain a secret.
    package var description: String { "WebhookEndpoint" }
}
