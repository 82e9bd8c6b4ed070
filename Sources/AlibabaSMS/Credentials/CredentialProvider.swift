// SPDX-License-Identifier: Apache-2.0

/// A provider of the credential that signs requests.
///
/// `CredentialProviderConformance` of the product `AlibabaSMSTesting` tests implementations.
public protocol CredentialProvider: Sendable {
    /// Returns the credential for the next request.
    ///
    /// The client calls it before every request. A provider should cache the credential, and fetch again only before it
    /// expires.
    ///
    /// - Throws: Any error; the client then sends nothing.
    func credential() async throws -> AlibabaCredential

    /// Invalidates a credential that the gateway rejected as expired or unknown.
    ///
    /// A provider that caches should drop this credential, and no other, so that the next call of ``credential()`` fetches.
    /// After an invalidation, the client asks once more for a credential.
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
