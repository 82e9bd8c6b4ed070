import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// The Security Token Service, API version 2015-04-01, which gives out temporary credentials for roles.
struct SecurityTokenService: Sendable {
    static let version = "2015-04-01"
    /// What Alibaba's own programs allow for a connection and for an answer together.
    static let timeout = Duration.seconds(15)

    let endpoint: Endpoint
    let httpClient: AlibabaHTTPClient
    let now: @Sendable () -> Date

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the service.
    ///   - allowsPlaintext: Whether `http:` is allowed to hosts other than this one.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time by which requests are signed.
    /// - Throws: An error if the endpoint cannot be used.
    init(
        endpoint: String,
        allowsPlaintext: Bool = false,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date
    ) throws(AlibabaSMSError) {
        self.endpoint = try Endpoint(endpoint, field: "stsEndpoint", allowsPlaintext: allowsPlaintext)
        self.httpClient = httpClient
        self.now = now
    }

    /// The URL of the service in a region, as Alibaba's own programs choose it.
    ///
    /// - Parameters:
    ///   - region: The region; without one, the endpoint that all regions share.
    ///   - isVPC: Whether to go to the address inside of a VPC, which needs a region.
    /// - Returns: The URL.
    /// - Throws: An error if the region is none.
    static func endpoint(region: String?, isVPC: Bool) throws(AlibabaSMSError) -> String {
        guard let region, !region.isEmpty else { return "https://sts.aliyuncs.com" }
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        guard region.utf8.allSatisfy(allowed.contains) else {
            throw AlibabaSMSError(
                .invalidConfiguration,
                field: "stsRegion",
                message: "stsRegion must be letters, digits and hyphens, such as ap-southeast-1"
            )
        }
        return "https://sts\(isVPC ? "-vpc" : "").\(region).aliyuncs.com"
    }

    /// Assumes a role with a credential that may do so.
    func assume(_ role: AssumedRole, with credential: AlibabaCredential) async throws(AlibabaSMSError)
        -> AlibabaCredential
    {
        var parameters = role.parameters
        if let externalID = role.externalID { parameters.append(RequestParameter("ExternalId", externalID)) }
        let signed = RequestSigner.Request(
            host: self.endpoint.host,
            action: "AssumeRole",
            version: Self.version,
            query: parameters
        )
        var request = HTTPClientRequest(url: "\(self.endpoint.origin)/?\(signed.query.canonicalQuery)")
        request.method = .POST
        let signer = RequestSigner(credential: credential)
        request.headers = HTTPHeaders(
            signer.headers(for: signed, date: self.now(), nonce: UUID().uuidString).map { ($0.name, $0.value) }
        )
        return try await self.credential(from: request)
    }

    /// Assumes a role with a token of an identity provider that the account trusts; nothing is signed.
    func assume(_ role: AssumedRole, providerARN: String, token: String) async throws(AlibabaSMSError)
        -> AlibabaCredential
    {
        let envelope = [
            RequestParameter("Action", "AssumeRoleWithOIDC"),
            RequestParameter("Version", Self.version),
            RequestParameter("Format", "JSON"),
            RequestParameter("Timestamp", SignatureDate.format(self.now())),
        ]
        // The token is secret and may be long: it does not belong into a URL.
        let form =
            role.parameters + [
                RequestParameter("OIDCProviderArn", providerARN),
                RequestParameter("OIDCToken", token),
            ]
        var request = HTTPClientRequest(url: "\(self.endpoint.origin)/?\(envelope.canonicalQuery)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(Array(form.canonicalQuery.utf8))
        return try await self.credential(from: request)
    }

    private func credential(from request: HTTPClientRequest) async throws(AlibabaSMSError) -> AlibabaCredential {
        var request = request
        request.headers.add(name: "accept", value: "application/json")
        let answer = try await self.httpClient.ask("STS", request, timeout: Self.timeout)
        guard answer.status == 200 else { throw answer.refusal(of: "STS") }
        guard let fields = answer.decode(STSAnswer.self) else {
            throw .unavailable("STS", "the answer of STS holds no credential")
        }
        return try fields.credentials.credential(from: "STS")
    }
}

/// The shape of an answer of STS.
private struct STSAnswer: Decodable {
    let credentials: TemporaryCredentialFields

    private enum CodingKeys: String, CodingKey { case credentials = "Credentials" }
}
