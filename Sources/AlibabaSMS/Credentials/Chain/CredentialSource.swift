// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Deadlines
import NIOHTTP1
import SMSKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A source of credentials, without a cache.
protocol CredentialSource: Sendable {
    /// Fetches a credential.
    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential
}

/// A source with a fixed credential.
struct StaticCredentialSource: CredentialSource {
    let credential: AlibabaCredential

    func fetch() -> AlibabaCredential { self.credential }
}

/// A source that returns the credential of a provider.
struct ProviderCredentialSource: CredentialSource {
    let provider: any CredentialProvider

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        do {
            return try await self.provider.credential()
        } catch let error as AlibabaSMSError {
            throw error
        } catch {
            // Errors from a provider outside this package may contain secrets.
            throw .unavailable("source", "the provider of the credential that assumes the role failed")
        }
    }
}

extension AlibabaHTTPClient {
    /// Sends a request to a credential service, and returns the response even if the HTTP status is an error.
    ///
    /// - Parameters:
    ///   - service: The name of the service in error messages.
    ///   - request: The request.
    ///   - timeout: The timeout of the request.
    ///   - isDirect: Whether the request bypasses the proxy.
    /// - Returns: The response.
    /// - Throws: An error that describes the failure, without any part of the request.
    func fetch(
        _ service: String,
        _ request: HTTPClientRequest,
        timeout: Duration,
        isDirect: Bool = false
    ) async throws(AlibabaSMSError) -> GatewayResponse {
        do throws(HTTPClient.SendFailure) {
            return try await self.send(request, within: timeout, on: .continuous, isDirect: isDirect)
        } catch {
            switch error {
            case .shutDown: throw .unavailable(service, "the HTTP client was shut down")
            case .notWritten: throw .unavailable(service, "\(service) cannot be reached")
            case .timeout: throw .unavailable(service, "\(service) did not respond in time")
            case .interrupted: throw .unavailable(service, "the connection to \(service) was lost before it responded")
            case .oversizedResponse: throw .unavailable(service, "the response of \(service) is too large")
            }
        }
    }
}

extension AlibabaSMSError {
    /// Creates the error for a credential that could not be fetched.
    static func unavailable(_ field: String, _ message: String) -> Self {
        Self(.credentialUnavailable, field: field, message: message)
    }

    /// Creates the error for a required setting that is missing.
    static func missing(_ field: String, _ message: String) -> Self {
        Self(.missingCredential, field: field, message: message)
    }
}
