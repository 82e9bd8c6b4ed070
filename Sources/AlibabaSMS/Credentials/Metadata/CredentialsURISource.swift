// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A source that fetches a credential from a URL, such as the URL of a sidecar.
struct CredentialsURISource: CredentialSource {
    private static let service = "the credentials URI"
    private static let timeout = Duration.seconds(15)

    private let uri: String
    private let httpClient: AlibabaHTTPClient

    /// Creates a source.
    ///
    /// - Throws: An error if the URL is invalid. The error does not quote the URL, which may contain a secret.
    init(_ uri: String, httpClient: AlibabaHTTPClient) throws(AlibabaSMSError) {
        guard
            let url = URL(string: uri), ["http", "https"].contains(url.scheme?.lowercased() ?? ""),
            url.host()?.isEmpty == false
        else {
            throw AlibabaSMSError(
                .invalidConfiguration,
                field: "credentialsURI",
                message: "credentialsURI must be an http or https URL"
            )
        }
        self.uri = uri
        self.httpClient = httpClient
    }

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let response = try await self.httpClient.fetch(
            Self.service,
            HTTPClientRequest(url: self.uri),
            timeout: Self.timeout
        )
        guard response.status == 200 else { throw response.rejection(by: Self.service) }
        guard let fields = response.decode(TemporaryCredentialFields.self), fields.code == "Success" else {
            throw .unavailable("credentialsURI", "the response of \(Self.service) contains no credential")
        }
        return try fields.credential(from: Self.service)
    }
}
