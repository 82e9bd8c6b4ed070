import AsyncHTTPClient
import Deadlines
import FoundationEssentials
import NIOHTTP1
import SMSKit

/// Something that a credential can be fetched from, each time anew.
protocol CredentialSource: Sendable {
    /// Fetches a credential.
    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential
}

/// A credential that is there already.
struct StaticCredentialSource: CredentialSource {
    let credential: AlibabaCredential

    func fetch() -> AlibabaCredential { self.credential }
}

/// A provider as the source of what another credential is fetched with.
struct ProviderCredentialSource: CredentialSource {
    let provider: any CredentialProvider

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        do {
            return try await self.provider.credential()
        } catch let error as AlibabaSMSError {
            throw error
        } catch {
            // Errors of a provider are other people's: only our own are known to hold nothing secret.
            throw .unavailable("source", "the provider of the credential to assume the role with failed")
        }
    }
}

extension AlibabaHTTPClient {
    /// Asks a service that gives out credentials, and returns the answer whatever its status.
    ///
    /// - Parameters:
    ///   - service: What an error calls the service.
    ///   - request: The request.
    ///   - timeout: The longest that it may take.
    ///   - isDirect: Whether the request does not go through a proxy.
    /// - Returns: The answer.
    /// - Throws: An error that says what went wrong, without anything of the request.
    func ask(
        _ service: String,
        _ request: HTTPClientRequest,
        timeout: Duration,
        isDirect: Bool = false
    ) async throws(AlibabaSMSError) -> GatewayResponse {
        do throws(HTTPClient.SendFailure) {
            return try await self.send(request, within: timeout, on: .continuous, isDirect: isDirect)
        } catch {
            switch error {
            case .notWritten: throw .unavailable(service, "\(service) cannot be reached")
            case .timeout: throw .unavailable(service, "\(service) did not answer in time")
            case .interrupted: throw .unavailable(service, "the connection to \(service) ended before it answered")
            case .oversizedAnswer: throw .unavailable(service, "the answer of \(service) is too big to be one")
            }
        }
    }
}

extension AlibabaSMSError {
    /// A credential that could not be fetched.
    static func unavailable(_ field: String, _ message: String) -> Self {
        Self(.credentialUnavailable, field: field, message: message)
    }

    /// A setting that has to be there for a credential.
    static func missing(_ field: String, _ message: String) -> Self {
        Self(.missingCredential, field: field, message: message)
    }
}
