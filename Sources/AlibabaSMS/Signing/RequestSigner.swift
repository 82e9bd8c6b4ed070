public import FoundationEssentials
public import Redaction

/// Signs requests by the gateway's third method, ACS3-HMAC-SHA256.
///
/// It is pure: the same request, date and nonce always give the same headers.
public struct RequestSigner: Sendable {
    /// A request before it is signed.
    public struct Request: Sendable {
        /// The host, with the port if it is not the scheme's own, exactly as it is sent.
        public var host: String

        /// The action, such as `SendMessageToGlobe`.
        public var action: String

        /// The version of the API.
        public var version: String

        /// The parameters that travel in the URL.
        public var query: [RequestParameter]

        /// The type of the body, if one is sent.
        public var contentType: String?

        /// The body.
        public var body: [UInt8]

        /// Creates a request to `POST /`.
        ///
        /// - Parameters:
        ///   - host: The host, with the port if it is not the scheme's own.
        ///   - action: The action.
        ///   - version: The version of the API.
        ///   - query: The parameters that travel in the URL.
        ///   - contentType: The type of the body, if one is sent.
        ///   - body: The body.
        public init(
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

    /// Creates a signer for one credential.
    public init(credential: AlibabaCredential) {
        self.credential = credential
    }

    /// The headers to send with a request, the authorization among them.
    ///
    /// Only `host`, `content-type` and `x-acs-*` are signed: a proxy may rewrite all others.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - date: The time of the request; the gateway refuses one that is more than 15 minutes off.
    ///   - nonce: A text that no other request carries.
    /// - Returns: The headers by name.
    public func headers(for request: Request, date: Date, nonce: String) -> [(name: String, value: String)] {
        self.sign(request, date: date, nonce: nonce).headers
    }

    /// Signs a request, and keeps what was signed, so that nothing is encoded twice.
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
    /// The action only: the parameters and the body hold the number and the text.
    public var description: String { "RequestSigner.Request(\(self.action))" }
}

/// Times as signatures carry them: `yyyy-MM-ddTHH:mm:ssZ`, in UTC.
package enum SignatureDate {
    package static func format(_ date: Date) -> String { date.formatted(.iso8601) }

    package static func parse(_ text: String) -> Date? {
        // The style reads other spellings of a time as well, which the gateway refuses.
        guard text.utf8.count == 20, let date = try? Date(text, strategy: .iso8601) else { return nil }
        return self.format(date) == text ? date : nil
    }
}
