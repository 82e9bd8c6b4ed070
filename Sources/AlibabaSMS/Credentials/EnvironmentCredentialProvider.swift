public import FoundationEssentials

/// A credential in the environment variables that Alibaba's own tools read.
///
/// `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary credential,
/// `ALIBABA_CLOUD_SECURITY_TOKEN`.
public struct EnvironmentCredentialProvider: CredentialProvider {
    private let result: Result<AlibabaCredential, AlibabaSMSError>

    /// Reads the variables once.
    ///
    /// - Parameter environment: The variables; by default those of the process.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.result = Result { () throws(AlibabaSMSError) in try Self.read(environment) }
    }

    /// The credential.
    ///
    /// - Throws: An ``AlibabaSMSError`` that names the variable that is missing or wrong.
    public func credential() throws(AlibabaSMSError) -> AlibabaCredential { try self.result.get() }

    private static func read(_ environment: [String: String]) throws(AlibabaSMSError) -> AlibabaCredential {
        let names = (
            id: "ALIBABA_CLOUD_ACCESS_KEY_ID", secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            token: "ALIBABA_CLOUD_SECURITY_TOKEN"
        )
        for name in [names.id, names.secret] where environment[name, default: ""].isEmpty {
            throw AlibabaSMSError(.missingCredential, field: name, message: "\(name) is not set")
        }
        return try AlibabaCredential(
            accessKeyID: environment[names.id, default: ""],
            accessKeySecret: environment[names.secret, default: ""],
            securityToken: environment[names.token]
        )
    }
}

extension CredentialProvider where Self == EnvironmentCredentialProvider {
    /// The credential in the environment variables of the process.
    public static func environment() -> Self { .init() }

    /// The credential in some environment variables.
    public static func environment(_ variables: [String: String]) -> Self { .init(environment: variables) }
}
