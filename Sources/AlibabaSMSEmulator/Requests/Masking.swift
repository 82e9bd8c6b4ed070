import AlibabaSMS
import TextFormats

/// What of a request is not shown: tokens, whatever holds a known secret, and authorizations of unknown kinds.
struct Masking: Sendable {
    /// What stands in place of something secret; it looks the same before and after percent-encoding.
    static let mask = "masked"

    /// The longest text of a diagnosis that is kept.
    static let longestText = 12 * 1024

    /// Names of headers and parameters that hold something secret, in lower case.
    private static let names: Set<String> = [
        "accesskeysecret", "bearertoken", "cookie", "oidctoken", "password", "proxy-authorization", "samlassertion",
        "secret", "securitytoken", "x-acs-accesskey-secret", "x-acs-bearer-token", "x-acs-security-token",
    ]

    /// The secrets of the AccessKeys that are known.
    let secrets: [String]

    /// A value without what is secret in it.
    func value(_ value: String, of name: String) -> String {
        let name = name.lowercased()
        if Self.names.contains(name) { return Self.mask }
        if name == "authorization", !value.hasPrefix("\(CanonicalRequest.algorithm) ") {
            // Of another kind its name is told, if it has one.
            guard let blank = value.firstIndex(of: " ") else { return Self.mask }
            return self.text("\(value[..<blank].prefix(20)) ") + Self.mask
        }
        return self.text(value)
    }

    /// A text without the known secrets in it.
    func text(_ text: String) -> String {
        self.secrets.reduce(text) { text, secret in
            // A short one would be found in words that have nothing to do with it.
            text == secret ? Self.mask : secret.utf8.count < 6 ? text : text.replacing(secret, with: Self.mask)
        }
    }

    /// A query as it was written, without the values that are secret.
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

    /// The steps of a signature as they may be shown.
    func steps(of recipe: SignatureRecipe) -> SignatureDiagnosis.Steps {
        var shown = recipe
        shown.parameters = recipe.parameters.map { RequestParameter($0.name, self.value($0.value, of: $0.name)) }
        shown.headers = recipe.headers.map { ($0.name, self.value($0.value, of: $0.name)) }
        shown.query = recipe.query.map(self.query)
        // A digest tells nothing, so that of the true request is shown: it is what a client can compare.
        let stringToSign = recipe.scheme == .v3 && recipe.signsDigest ? recipe.stringToSign : shown.stringToSign
        return SignatureDiagnosis.Steps(
            canonicalRequest: shown.canonicalRequest.shortened(to: Self.longestText),
            stringToSign: stringToSign.shortened(to: Self.longestText),
            signature: recipe.signature
        )
    }
}

extension String {
    /// The text, cut off at a length in bytes.
    func shortened(to length: Int) -> String {
        guard self.utf8.count > length else { return self }
        return String(decoding: self.utf8.prefix(max(0, length)), as: UTF8.self) + " … (\(self.utf8.count) bytes)"
    }
}
