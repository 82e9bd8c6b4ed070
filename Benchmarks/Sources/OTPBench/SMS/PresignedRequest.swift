// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Crypto
import Foundation
import NIOHTTP1

/// Signs requests with ACS3-HMAC-SHA256 before the measurement, for the bare HTTP client.
struct PresignedRequest {
    let host: String
    let action: String
    let query: String
    let accessKeyID: String
    let accessKeySecret: String

    /// Returns a signed request with a new nonce.
    func request() -> HTTPClientRequest {
        let bodyDigest = Self.hex(SHA256.hash(data: Data()))
        var headers = [
            ("host", self.host), ("x-acs-action", self.action), ("x-acs-content-sha256", bodyDigest),
            ("x-acs-date", Date().formatted(.iso8601)), ("x-acs-signature-nonce", UUID().uuidString),
            ("x-acs-version", "2018-05-01"),
        ]
        let names = headers.map(\.0).joined(separator: ";")
        let lines = headers.map { "\($0.0):\($0.1)\n" }.joined()
        let canonical = "POST\n/\n\(self.query)\n\(lines)\n\(names)\n\(bodyDigest)"
        let digest = Self.hex(SHA256.hash(data: Data(canonical.utf8)))
        let signature = HMAC<SHA256>
            .authenticationCode(
                for: Data("ACS3-HMAC-SHA256\n\(digest)".utf8),
                using: SymmetricKey(data: Data(self.accessKeySecret.utf8))
            )
        let credential = "Credential=\(self.accessKeyID),SignedHeaders=\(names),Signature=\(Self.hex(signature))"
        headers += [("authorization", "ACS3-HMAC-SHA256 \(credential)"), ("accept", "application/json")]
        var request = HTTPClientRequest(url: "http://\(self.host)/?\(self.query)")
        request.method = .POST
        request.headers = HTTPHeaders(headers)
        return request
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
