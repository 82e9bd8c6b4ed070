// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import TextFormats

/// Masks secrets in the values of a request.
///
/// The following values are masked:
///
/// * The values of secret headers and parameters, such as tokens and passwords.
/// * The secrets of the configured AccessKeys.
/// * The credentials of unknown authorization schemes.
struct Masking: Sendable {
    /// The text that replaces a secret.
    ///
    /// Percent-encoding does not change this text.
    static let mask = "masked"

    /// The maximum size, in bytes, of each text that a signature diagnosis stores.
    static let maximumTextSize = 12 * 1024

    /// The names of secret headers and parameters, in lower case.
    private static let names: Set<String> = [
        "accesskeysecret", "bearertoken", "cookie", "oidctoken", "password", "proxy-authorization", "samlassertion",
        "secret", "securitytoken", "x-acs-accesskey-secret", "x-acs-bearer-token", "x-acs-security-token",
    ]

    /// The secrets of the configured AccessKeys.
    let secrets: [String]

    /// Returns the value of a header or parameter, with secrets masked.
    func value(_ value: String, of name: String) -> String {
        let name = name.lowercased()
        if Self.names.contains(name) { return Self.mask }
        if name == "authorization", !value.hasPrefix("\(CanonicalRequest.algorithm) ") {
            // The name of an unknown authorization scheme is not secret.
            guard let blank = value.firstIndex(of: " ") else { return Self.mask }
            return self.text("\(value[..<blank].prefix(20)) ") + Self.mask
        }
        return self.text(value)
    }

    /// Returns a text with secrets masked.
    func text(_ text: String) -> String {
        self.secrets.reduce(text) { text, secret in
            // A short secret could occur in other words, so it is masked only as a whole text.
            text == secret ? Self.mask : secret.utf8.count < 6 ? text : text.replacing(secret, with: Self.mask)
        }
    }

    /// Returns a query as it was sent, with secrets masked.
    func query(_ query: String) -> String {
        query.split(separator: "&", omittingEmptySubsequences: false)
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { return self.text(String(pair)) }
                let name = PercentEncoding.decodeForm(parts[0]) ?? String(parts[0])
                let value = PercentEncoding.decodeForm(parts[1]) ?? String(parts[1])
                return self.value(value, of: name) == value ? String(pair) : "\(parts[0])=\(Self.mask)"
            }
            .joined(separator: "&")
    }

    /// Returns the intermediate texts of a signature, with secrets masked.
    func steps(of recipe: SignatureRecipe) -> SignatureDiagnosis.Steps {
        var shown = recipe
        shown.parameters = recipe.parameters.map { RequestParameter($0.name, self.value($0.value, of: $0.name)) }
        shown.headers = recipe.headers.map { ($0.name, self.value($0.value, of: $0.name)) }
        shown.query = recipe.query.map(self.query)
        // The digest of the unmasked request does not reveal a secret, and clients can compare the digest with their own.
        let stringToSign = recipe.scheme == .v3 && recipe.signsDigest ? recipe.stringToSign : shown.stringToSign
        return SignatureDiagnosis.Steps(
            canonicalRequest: shown.canonicalRequest.shortened(to: Self.maximumTextSize),
            stringToSign: stringToSign.shortened(to: Self.maximumTextSize),
            signature: recipe.signature
        )
    }
}

extension String {
    /// Returns the text, truncated to a length in bytes.
    ///
    /// The original length is appended to a truncated text.
    func shortened(to length: Int) -> String {
        guard self.utf8.count > length else { return self }
        return String(decoding: self.utf8.prefix(max(0, length)), as: UTF8.self) + " … (\(self.utf8.count) bytes)"
    }
}
