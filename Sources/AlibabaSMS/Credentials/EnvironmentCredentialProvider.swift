// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A provider that reads the same environment variables as Alibaba's tools.
///
/// The variables are `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary credential,
/// `ALIBABA_CLOUD_SECURITY_TOKEN`.
public struct EnvironmentCredentialProvider: CredentialProvider {
    private let result: Result<AlibabaCredential, AlibabaSMSError>

    /// Creates a provider and reads the environment variables once.
    ///
    /// - Parameter environment: The environment variables; by default the variables of the process.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.result = Result { () throws(AlibabaSMSError) in try Self.read(environment) }
    }

    /// Returns the credential from the environment variables.
    ///
    /// - Throws: An ``AlibabaSMSError`` that names the missing variable or the invalid value.
    public func credential() throws(AlibabaSMSError) -> AlibabaCredential { try self.result.get() }

    private static func read(_ environment: [String: String]) throws(AlibabaSMSError) -> AlibabaCredential {
        let names = (
            id: "ALIBABA_CLOUD_ACCESS_KEY_ID", secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            token: "ALIBABA_CLOUD_SECURITY_TOKEN"
        )
        for name in [names.id, names.secret] where environment[name, default: ""].isEmpty {
            throw AlibabaSMSError(.missingCredential, field: name, message: "\(name) is not set")
        }
        do {
            return try AlibabaCredential(
                accessKeyID: environment[names.id, default: ""],
                accessKeySecret: environment[names.secret, default: ""],
                securityToken: environment[names.token]
            )
        } catch {
            let variables = ["accessKeyID": names.id, "accessKeySecret": names.secret, "securityToken": names.token]
            throw error.renamingField(variables)
        }
    }
}

extension AlibabaSMSError {
    /// Returns a copy of the error in which the name of the environment variable replaces the name of the field.
    fileprivate func renamingField(_ names: [String: String]) -> Self {
        guard let field = self.field, let name = names[field] else { return self }
        return Self(self.code, field: name, message: self.message.replacing(field, with: name))
    }
}

extension CredentialProvider where Self == EnvironmentCredentialProvider {
    /// Returns a provider that reads the environment variables of the process.
    public static func environment() -> Self { .init() }

    /// Returns a provider that reads the given environment variables.
    ///
    /// - Parameter variables: The environment variables.
    /// - Returns: The provider.
    public static func environment(_ variables: [String: String]) -> Self { .init(environment: variables) }
}
