// SPDX-License-Identifier: Apache-2.0

/// A provider of the credential that signs requests.
///
/// To test an implementation, use `CredentialProviderConformance` from the product `AlibabaSMSTesting`.
public protocol CredentialProvider: Sendable {
    /// Returns the credential for the next request.
    ///
    /// The client calls this method before every request. A provider should cache the credential, and fetch a new credential
    /// shortly before the old one expires.
    ///
    /// - Throws: Any error. The client then sends nothing.
    func credential() async throws -> AlibabaCredential

    /// Invalidates a credential that the gateway rejected as expired or unknown.
    ///
    /// A provider should drop its cached credential only if the cached credential is the rejected credential.
    ///
    /// After this method, the client calls ``credential()`` once more.
    ///
    /// - Parameter credential: The credential of the rejected request.
    func invalidate(_ credential: AlibabaCredential) async
}

extension CredentialProvider {
    /// Does nothing.
    ///
    /// A provider that does not cache has nothing to invalidate.
    public func invalidate(_ credential: AlibabaCredential) async {}
}
