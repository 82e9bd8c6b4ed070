import AsyncHTTPClient
import FoundationEssentials

/// A credential that a program beside this one gives out at a URL.
struct CredentialsURISource: CredentialSource {
    private static let service = "the credentials URI"
    private static let timeout = Duration.seconds(15)

    private let uri: String
    private let httpClient: AlibabaHTTPClient

    /// Creates a source.
    ///
    /// - Throws: An error if the text is no URL; it does not quote it, since a URL may hold a secret.
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
        let answer = try await self.httpClient.ask(
            Self.service,
            HTTPClientRequest(url: self.uri),
            timeout: Self.timeout
        )
        guard answer.status == 200 else { throw answer.refusal(of: Self.service) }
        guard let fields = answer.decode(TemporaryCredentialFields.self), fields.code == "Success" else {
            throw .unavailable("credentialsURI", "the answer of \(Self.service) holds no credential")
        }
        return try fields.credential(from: Self.service)
    }
}
