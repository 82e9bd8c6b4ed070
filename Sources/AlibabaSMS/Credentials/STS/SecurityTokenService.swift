// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A client for the Security Token Service, API version 2015-04-01.
///
/// The service issues temporary credentials for roles.
struct SecurityTokenService: Sendable {
    static let version = "2015-04-01"
    /// The timeout of a request, which is the sum of the connect and read timeouts of Alibaba's SDKs.
    static let timeout = Duration.seconds(15)

    let endpoint: Endpoint
    let httpClient: AlibabaHTTPClient
    /// A closure that returns the timestamp of a request.
    let now: @Sendable () -> Date

    /// Returns the URL of the Security Token Service in a region, by the same rule as Alibaba's SDKs.
    ///
    /// - Parameters:
    ///   - region: The region; `nil` selects the global endpoint.
    ///   - isVPC: Whether to use the region's VPC endpoint. Without a region, the parameter has no effect.
    /// - Returns: The URL of the service.
    /// - Throws: An error if the region is malformed.
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

    /// Assumes a role with a credential that has the required permission.
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

    /// Assumes a role with a token from an identity provider that the account trusts.
    ///
    /// The request is not signed, because the token authenticates it.
    func assume(_ role: AssumedRole, providerARN: String, token: String) async throws(AlibabaSMSError)
        -> AlibabaCredential
    {
        let envelope = [
            RequestParameter("Action", "AssumeRoleWithOIDC"),
            RequestParameter("Version", Self.version),
            RequestParameter("Format", "JSON"),
            RequestParameter("Timestamp", SignatureDate.format(self.now())),
        ]
        // The token is secret and may be long, so the token is sent in the body.
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
        let response = try await self.httpClient.fetch("STS", request, timeout: Self.timeout)
        guard response.status == 200 else { throw response.rejection(by: "STS") }
        guard let fields = response.decode(STSResponse.self) else {
            throw .unavailable("STS", "the response of STS contains no credential")
        }
        return try fields.credentials.credential(from: "STS")
    }
}

extension Endpoint {
    /// Parses the URL of the Security Token Service.
    ///
    /// - Parameters:
    ///   - text: The URL.
    ///   - allowsPlaintext: Whether `http:` is allowed for hosts other than this machine.
    /// - Throws: An error that states the required form of the URL.
    init(sts text: String, allowsPlaintext: Bool) throws(AlibabaSMSError) {
        try self.init(text, field: "stsEndpoint", allowsPlaintext: allowsPlaintext)
    }
}

/// The JSON format of STS responses.
private struct STSResponse: Decodable {
    let credentials: TemporaryCredentialFields

    private enum CodingKeys: String, CodingKey { case credentials = "Credentials" }
}
