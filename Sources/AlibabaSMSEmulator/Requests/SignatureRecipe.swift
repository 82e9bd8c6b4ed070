// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
import Foundation
import TextFormats

/// All inputs of a signature, each of which can be altered separately.
///
/// A new recipe produces the correct signature. A ``SignatureVariant`` alters the recipe to reproduce a mistake of a client.
struct SignatureRecipe: Sendable {
    enum Scheme: Sendable { case v3, rpc }

    enum Output: Sendable { case lowerCaseHex, upperCaseHex, base64 }

    enum Digest: Sendable { case sha256, sha1 }

    let scheme: Scheme
    var method: String
    var path: String
    var parameters: [RequestParameter]
    var encoding = ParameterEncoding()
    var sortsParameters = true
    /// The canonical query; `nil` computes the query from the parameters.
    var query: String?
    var headers: [(name: String, value: String)] = []
    var signedHeaders = ""
    /// Whether an empty line follows the headers.
    var hasEmptyLine = true
    /// The body digest, which is the last line of the canonical request.
    var payload = ""
    var lineEnd = "\n"
    /// The first line of the string to sign.
    var algorithmLine: String? = CanonicalRequest.algorithm
    /// Whether the string to sign contains the digest of the canonical request instead of the canonical request.
    var signsDigest = true
    /// The percent-encoded path in the string to sign of the RPC signature.
    var encodedPath = "%2F"
    /// Whether the RPC signature encodes the canonical query again.
    var encodesQueryAgain = true
    var key: String
    var digest: Digest
    var output: Output

    /// Creates the recipe of a correct V3 signature.
    init(v3 call: GatewayCall, _ header: AuthorizationHeader, secret: String) {
        self.scheme = .v3
        self.method = call.method
        self.path = call.path
        self.parameters = call.query
        self.headers =
            header.signedHeaders.map { ($0.lowercased(), Self.trim(call.header($0) ?? "")) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.signedHeaders = self.headers.map(\.name).joined(separator: ";")
        self.payload = CanonicalRequest.hexDigest(call.body)
        self.key = secret
        self.digest = .sha256
        self.output = .lowerCaseHex
        self.setHeader("x-acs-content-sha256", self.payload)
    }

    /// Creates the recipe of a correct RPC signature.
    init(rpc call: GatewayCall, secret: String) {
        self.scheme = .rpc
        self.method = call.method
        self.path = "/"
        self.parameters = call.parameters.filter { $0.name != "Signature" }
        self.key = "\(secret)&"
        self.digest = .sha1
        self.output = .base64
    }

    mutating func setHeader(_ name: String, _ value: String) {
        for index in self.headers.indices where self.headers[index].name == name { self.headers[index].value = value }
    }

    var canonicalQuery: String {
        if let query = self.query { return query }
        var pairs = self.parameters.map { (raw: $0.name, text: "\(self.encode($0.name))=\(self.encode($0.value))") }
        if self.sortsParameters {
            pairs.sort { left, right in
                left.raw == right.raw
                    ? left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
                    : left.raw.unicodeScalars.lexicographicallyPrecedes(right.raw.unicodeScalars)
            }
        }
        return pairs.map(\.text).joined(separator: "&")
    }

    /// The canonical request of the V3 signature, or the canonical query of the RPC signature.
    var canonicalRequest: String {
        guard self.scheme == .v3 else { return self.canonicalQuery }
        let lines = self.headers.map { "\($0.name):\($0.value)" }
        let block = lines.joined(separator: self.lineEnd) + (self.hasEmptyLine ? self.lineEnd : "")
        return [self.method, self.path, self.canonicalQuery, block, self.signedHeaders, self.payload]
            .joined(separator: self.lineEnd)
    }

    var stringToSign: String {
        switch self.scheme {
        case .v3:
            let request = self.canonicalRequest
            let last = self.signsDigest ? CanonicalRequest.hexDigest(request.utf8) : request
            return self.algorithmLine.map { "\($0)\(self.lineEnd)\(last)" } ?? last
        case .rpc:
            let query = self.encodesQueryAgain ? self.encode(self.canonicalQuery) : self.canonicalQuery
            return "\(self.method)&\(self.encodedPath)&\(query)"
        }
    }

    var signature: String {
        let message = Array(self.stringToSign.utf8)
        let key = SymmetricKey(data: Array(self.key.utf8))
        let bytes =
            switch self.digest {
            case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
            case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
            }
        return switch self.output {
        case .lowerCaseHex: bytes.hex
        case .upperCaseHex: bytes.hex.uppercased()
        case .base64: Data(bytes).base64EncodedString()
        }
    }

    /// The approximate size of the signed data in bytes.
    var size: Int {
        Self.size(of: self.parameters) + self.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    static func size(of parameters: [RequestParameter]) -> Int {
        parameters.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }

    private func encode(_ text: String) -> String { self.encoding.encode(text) }

    private static func trim(_ value: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(value.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
