// SPDX-License-Identifier: Apache-2.0

import Crypto
import TextFormats

/// The canonical form of a request, which is the input of Alibaba's ACS3 signature.
package struct CanonicalRequest: Sendable, Hashable {
    package static let algorithm = "ACS3-HMAC-SHA256"

    /// The text of the canonical request.
    package let text: String

    /// The signed query, which is also the query of the URL.
    package let query: String

    /// The names of the signed headers, in lower case, sorted, and separated by semicolons.
    package let signedHeaders: String

    /// Creates the canonical form of a request.
    ///
    /// - Parameters:
    ///   - method: The HTTP method, in upper case.
    ///   - path: The encoded path.
    ///   - query: The parameters in the URL.
    ///   - headers: The headers to sign, in any order and case.
    ///   - bodyDigest: The SHA-256 digest of the body, in lower-case hex.
    package init(
        method: String,
        path: String = "/",
        query: [RequestParameter],
        headers: [(name: String, value: String)],
        bodyDigest: String
    ) {
        let sorted =
            headers
            .map { (name: $0.name.lowercased(), value: Self.trim($0.value)) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.signedHeaders = sorted.map(\.name).joined(separator: ";")
        let block = sorted.map { "\($0.name):\($0.value)\n" }.joined()
        self.query = query.canonicalQuery
        self.text = [method, path, self.query, block, self.signedHeaders, bodyDigest].joined(separator: "\n")
    }

    /// The input of the HMAC, which consists of the name of the algorithm and the digest of ``text``.
    package var stringToSign: String { "\(Self.algorithm)\n\(Self.hexDigest(self.text.utf8))" }

    /// Returns the signature in lower-case hex.
    ///
    /// The HMAC key is the AccessKey secret itself.
    package func signature(secret: String) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return HMAC<SHA256>.authenticationCode(for: Array(self.stringToSign.utf8), using: key).hex
    }

    /// Returns the SHA-256 digest of bytes, in lower-case hex.
    package static func hexDigest(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(bytes)).hex
    }

    private static func trim(_ value: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = value.firstIndex(where: { !isBlank($0) }) else { return "" }
        let last = value.lastIndex { !isBlank($0) } ?? first
        return String(value[first...last])
    }
}
