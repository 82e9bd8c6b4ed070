// SPDX-License-Identifier: Apache-2.0

import Redaction

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Signs requests with ACS3-HMAC-SHA256, the third version of Alibaba's signature.
///
/// The result depends only on the credential, the request, the date and the nonce.
package struct RequestSigner: Sendable {
    /// An unsigned request.
    package struct Request: Sendable {
        /// The host header exactly as it is sent.
        ///
        /// The header includes the port unless the port is the default of the scheme.
        package var host: String

        /// The action, such as `SendMessageToGlobe`.
        package var action: String

        /// The version of the API.
        package var version: String

        /// The parameters in the URL.
        package var query: [RequestParameter]

        /// The media type of the body; `nil` without a body.
        package var contentType: String?

        /// The body of the request.
        package var body: [UInt8]

        /// Creates an unsigned `POST` request to the path `/`.
        ///
        /// - Parameters:
        ///   - host: The host header exactly as it is sent.
        ///   - action: The action, such as `SendMessageToGlobe`.
        ///   - version: The version of the API.
        ///   - query: The parameters in the URL.
        ///   - contentType: The media type of the body; `nil` without a body.
        ///   - body: The body of the request.
        package init(
            host: String,
            action: String,
            version: String = "2018-05-01",
            query: [RequestParameter] = [],
            contentType: String? = nil,
            body: [UInt8] = []
        ) {
            self.host = host
            self.action = action
            self.version = version
            self.query = query
            self.contentType = contentType
            self.body = body
        }
    }

    private let credential: AlibabaCredential

    /// Creates a signer with a credential.
    package init(credential: AlibabaCredential) {
        self.credential = credential
    }

    /// Returns the headers of a signed request, including `authorization`.
    ///
    /// The headers `host`, `content-type` and `x-acs-*` are signed. A proxy may change all other headers without invalidating
    /// the signature.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - date: The timestamp. The gateway rejects timestamps that differ from its own time by more than 15 minutes.
    ///   - nonce: A text that is unique to the request.
    /// - Returns: The names and values of the headers.
    package func headers(for request: Request, date: Date, nonce: String) -> [(name: String, value: String)] {
        self.sign(request, date: date, nonce: nonce).headers
    }

    /// Signs a request, and returns the headers and the canonical form of the request.
    ///
    /// A caller that needs both results should call this method, instead of ``headers(for:date:nonce:)`` and
    /// ``canonicalRequest(for:date:nonce:)``. The query is then encoded only once.
    package func sign(
        _ request: Request,
        date: Date,
        nonce: String
    ) -> (headers: [(name: String, value: String)], canonical: CanonicalRequest) {
        let digest = CanonicalRequest.hexDigest(request.body)
        let headers = self.signedHeaders(for: request, date: date, nonce: nonce, bodyDigest: digest)
        let canonical = CanonicalRequest(method: "POST", query: request.query, headers: headers, bodyDigest: digest)
        let signature = canonical.signature(secret: self.credential.accessKeySecret)
        let authorization =
            "\(CanonicalRequest.algorithm) Credential=\(self.credential.accessKeyID)"
            + ",SignedHeaders=\(canonical.signedHeaders),Signature=\(signature)"
        return (headers + [("authorization", authorization)], canonical)
    }

    package func canonicalRequest(for request: Request, date: Date, nonce: String) -> CanonicalRequest {
        self.sign(request, date: date, nonce: nonce).canonical
    }

    private func signedHeaders(
        for request: Request,
        date: Date,
        nonce: String,
        bodyDigest: String
    ) -> [(name: String, value: String)] {
        var headers = [
            (name: "host", value: request.host),
            (name: "x-acs-action", value: request.action),
            (name: "x-acs-version", value: request.version),
            (name: "x-acs-date", value: SignatureDate.format(date)),
            (name: "x-acs-signature-nonce", value: nonce),
            (name: "x-acs-content-sha256", value: bodyDigest),
        ]
        if let contentType = request.contentType {
            headers.append((name: "content-type", value: contentType))
        }
        if let token = self.credential.securityToken {
            headers.append((name: "x-acs-security-token", value: token))
        }
        return headers
    }
}

extension RequestSigner.Request: Redacted {
    /// The action, without the parameters and the body.
    package var description: String { "RequestSigner.Request(\(self.action))" }
}

/// Formats and parses timestamps of signatures, which have the form `yyyy-MM-ddTHH:mm:ssZ` in UTC.
package enum SignatureDate {
    package static func format(_ date: Date) -> String { date.formatted(.iso8601) }

    package static func parse(_ text: String) -> Date? {
        // Foundation's ISO 8601 strategy also accepts formats that the gateway rejects.
        guard text.utf8.count == 20, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return self.format(date) == text ? date : nil
    }
}
