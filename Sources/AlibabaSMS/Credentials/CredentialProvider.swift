/// Something that knows the credential to sign with.
public protocol CredentialProvider: Sendable {
    /// The credential to sign the next request with.
    ///
    /// It is asked before every request, so it should keep what it fetched and fetch again only before that expires.
    ///
    /// - Throws: Any error; the client then sends nothing.
    func credential() async throws -> AlibabaCredential

    /// Hears that the gateway refused a credential as expired or unknown.
    ///
    /// A provider that keeps what it fetched should let go of this credential, and of no other, so that the next call
    /// of ``credential()`` fetches again. The client asks for a credential once more after this and no further.
    ///
    /// - Parameter credential: The credential that the refused request was signed with.
    func invalidate(_ credential: AlibabaCredential) async
}

extension CredentialProvider {
    /// Does nothing: what is not kept need not be let go of.
    public func invalidate(_ credential: AlibabaCredential) async {}
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
