/// Something that knows the credential to sign with.
public protocol CredentialProvider: Sendable {
    /// The credential to sign the next request with.
    ///
    /// It is asked before every request, so it should keep what it fetched and fetch again only before that expires.
    ///
    /// - Throws: Any error; the client then sends nothing.
    func credential() async throws -> AlibabaCredential
}

/// A credential that never changes.
public struct StaticCredentialProvider: CredentialProvider {
    private let value: AlibabaCredential

    /// Creates a provider of one credential.
    public init(_ credential: AlibabaCredential) {
        self.value = credential
    }

    /// The credential.
    public func credential() -> AlibabaCredential { self.value }
}

extension CredentialProvider where Self == StaticCredentialProvider {
    /// A credential that never changes.
    public static func `static`(_ credential: AlibabaCredential) -> Self { .init(credential) }
}
