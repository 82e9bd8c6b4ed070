// SPDX-License-Identifier: Apache-2.0

import Redaction

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Signs requests with ACS3-HMAC-SHA256, the third version of Alibaba's signature.
///
/// A pure function of the request, the date and the nonce.
package struct RequestSigner: Sendable {
    /// An unsigned request.
    package struct Request: Sendable {
        /// The host header exactly as it is sent: with the port unless it is the default one of the scheme.
        package var host: String

        /// The action, such as `SendMessageToGlobe`.
        package var action: String

        /// The API version.
        package var version: String

        /// The parameters in the URL.
        package var query: [RequestParameter]

        /// The media type of the body, if there is one.
        package var contentType: String?

        /// The body.
        package var body: [UInt8]

        /// Creates a request to `POST /`.
        ///
        /// - Parameters:
        ///   - host: The host header.
        ///   - action: The action.
        ///   - version: The API version.
        ///   - query: The parameters in the URL.
        ///   - contentType: The media type of the body, if there is one.
        ///   - body: The body.
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
    /// Only `host`, `content-type` and `x-acs-*` are signed, because a proxy may rewrite all other headers.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - date: The timestamp; the gateway rejects timestamps that are more than 15 minutes off.
    ///   - nonce: A text that no other request carries.
    /// - Returns: Names and values.
    package func headers(for request: Request, date: Date, nonce: String) -> [(name: String, value: String)] {
        self.sign(request, date: date, nonce: nonce).headers
    }

    /// Signs a request, and returns the canonical request with the headers, so that nothing is encoded twice.
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
    /// The action only, because the parameters and the body contain the phone number and the text.
    package var description: String { "RequestSigner.Request(\(self.action))" }
}

/// Timestamps in the format of signatures: `yyyy-MM-ddTHH:mm:ssZ`, in UTC.
package enum SignatureDate {
    package static func format(_ date: Date) -> String { date.formatted(.iso8601) }

    package static func parse(_ text: String) -> Date? {
        // The strategy also parses formats that the gateway rejects.
        guard text.utf8.count == 20, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return self.format(date) == text ? date : nil
    }
}
