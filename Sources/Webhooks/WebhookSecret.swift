// SPDX-License-Identifier: Apache-2.0

import Crypto
public import Foundation
public import Redaction

/// A secret that signs webhooks according to the specification Standard Webhooks.
///
/// A signature is an HMAC-SHA256 of the ID, the timestamp and the body of a webhook.
public struct WebhookSecret: Sendable {
    private static let opening = "whsec_"
    private static let sizes = 24...64

    private let key: SymmetricKey

    /// Creates a secret from its text.
    ///
    /// - Parameter text: The prefix `whsec_`, and 24 to 64 random bytes in base64.
    /// - Throws: ``WebhookError`` with the code ``WebhookError/Code/invalidSecret``.
    public init(_ text: String) throws(WebhookError) {
        guard text.hasPrefix(Self.opening), let bytes = Data(base64Encoded: String(text.dropFirst(Self.opening.count))),
            Self.sizes.contains(bytes.count)
        else {
            throw WebhookError(.invalidSecret, "a secret is whsec_, followed by 24 to 64 bytes in base64")
        }
        self.key = SymmetricKey(data: bytes)
    }

    /// Signs a webhook.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - id: The value of the header `webhook-id`.
    ///   - timestamp: The value of the header `webhook-timestamp`, in seconds since 1 January 1970 in UTC.
    /// - Returns: One signature for the header `webhook-signature`, such as `v1,g0hM9SsE…`.
    public func signature(of body: some DataProtocol, id: String, timestamp: Int) -> String {
        "v1,\(Data(self.code(of: Self.content(body, id, timestamp))).base64EncodedString())"
    }

    /// Returns the HMAC of a webhook's signed text.
    ///
    /// The operator `==` compares two HMACs in constant time.
    func code(of content: Data) -> HMAC<SHA256>.MAC { HMAC<SHA256>.authenticationCode(for: content, using: self.key) }

    /// Returns the signed text of a webhook: its ID, its timestamp and its body.
    static func content(_ body: some DataProtocol, _ id: String, _ timestamp: Int) -> Data {
        Data("\(id).\(timestamp).".utf8) + Data(body)
    }
}

extension WebhookSecret: Redacted {
    /// A placeholder for the secret.
    public var description: String { "<redacted>" }
}
