// SPDX-License-Identifier: Apache-2.0

/// A provider that always returns the same credential.
public struct StaticCredentialProvider: CredentialProvider {
    private let value: AlibabaCredential

    /// Creates a provider.
    ///
    /// - Parameter credential: The credential to return.
    public init(_ credential: AlibabaCredential) {
        self.value = credential
    }

    /// Returns the credential.
    public func credential() -> AlibabaCredential { self.value }
}

extension CredentialProvider where Self == StaticCredentialProvider {
    /// Returns a provider that always returns the same credential.
    ///
    /// - Parameter credential: The credential to return.
    /// - Returns: The provider.
    public static func `static`(_ credential: AlibabaCredential) -> Self { .init(credential) }
}
