// SPDX-License-Identifier: Apache-2.0

/// A provider of a credential that never changes.
public struct StaticCredentialProvider: CredentialProvider {
    private let value: AlibabaCredential

    /// Creates a provider.
    ///
    /// - Parameter credential: The credential.
    public init(_ credential: AlibabaCredential) {
        self.value = credential
    }

    /// Returns the credential.
    public func credential() -> AlibabaCredential { self.value }
}

extension CredentialProvider where Self == StaticCredentialProvider {
    /// A provider of a credential that never changes.
    ///
    /// - Parameter credential: The credential.
    /// - Returns: The provider.
    public static func `static`(_ credential: AlibabaCredential) -> Self { .init(credential) }
}
