public import FoundationEssentials
public import Redaction

/// The credential from the first place that has one, looked for as Alibaba's own programs do.
///
/// The places, in their order:
///
/// 1. The environment: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary
///    credential, `ALIBABA_CLOUD_SECURITY_TOKEN`.
/// 2. A role by OIDC: `ALIBABA_CLOUD_OIDC_TOKEN_FILE`, `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.
/// 3. A profile of Alibaba's command-line program: `~/.aliyun/config.json`.
/// 4. A profile in INI form: `~/.alibabacloud/credentials.ini`.
/// 5. The RAM role of the ECS instance.
/// 6. A program at `ALIBABA_CLOUD_CREDENTIALS_URI`.
///
/// The first place that yields is kept; there a temporary credential is fetched again before it ends, as
/// ``RefreshingCredentialProvider`` does. If no place yields, the error says why each does not.
public struct DefaultCredentialProvider: CredentialProvider {
    /// Where a credential can come from.
    public enum Place: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// The environment variables with an AccessKey.
        case environment
        /// A role that is assumed with the token of an identity provider.
        case oidcRole
        /// A profile of Alibaba's command-line program.
        case cliProfile
        /// A profile in INI form.
        case iniProfile
        /// The RAM role of the ECS instance.
        case instanceRole
        /// A program at a URL.
        case credentialsURI

        /// The place in words.
        public var description: String {
            switch self {
            case .environment: "environment"
            case .oidcRole: "OIDC role"
            case .cliProfile: "CLI profile"
            case .iniProfile: "INI profile"
            case .instanceRole: "ECS RAM role"
            case .credentialsURI: "credentials URI"
            }
        }
    }

    /// What the chain is made with.
    public struct Configuration: Sendable {
        /// The environment variables; the home folder is taken from them too.
        public var environment: [String: String]

        /// The URL of the Security Token Service, instead of the one that region and network give.
        public var stsEndpoint: String?

        /// Whether ``stsEndpoint`` may be `http:` on hosts other than this one, such as an emulator in a container.
        public var allowsPlaintextSTSEndpoint: Bool

        /// The URL of the instance's metadata service.
        public var metadataEndpoint: String

        /// The longest that one request to the metadata service may take; off ECS the chain waits for it twice.
        public var metadataTimeout: Duration

        /// The time by which requests are signed and credentials end.
        public var now: @Sendable () -> Date

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - environment: The environment variables; by default those of the process.
        ///   - stsEndpoint: The URL of the Security Token Service.
        ///   - allowsPlaintextSTSEndpoint: Whether that URL may be `http:` on hosts other than this one.
        ///   - metadataEndpoint: The URL of the instance's metadata service.
        ///   - metadataTimeout: The longest that one request to the metadata service may take.
        ///   - now: The time.
        public init(
            environment: [String: String] = ProcessInfo.processInfo.environment,
            stsEndpoint: String? = nil,
            allowsPlaintextSTSEndpoint: Bool = false,
            metadataEndpoint: String = "http://100.100.100.200",
            metadataTimeout: Duration = .seconds(1),
            now: @escaping @Sendable () -> Date = { Date() }
        ) {
            self.environment = environment
            self.stsEndpoint = stsEndpoint
            self.allowsPlaintextSTSEndpoint = allowsPlaintextSTSEndpoint
            self.metadataEndpoint = metadataEndpoint
            self.metadataTimeout = metadataTimeout
            self.now = now
        }

        /// Checks the URL of the Security Token Service before a source needs it.
        ///
        /// - Throws: An error if the URL cannot be used.
        public func checkSTSEndpoint() throws(AlibabaSMSError) {
            guard let text = self.stsEndpoint else { return }
            _ = try Endpoint(text, field: "stsEndpoint", allowsPlaintext: self.allowsPlaintextSTSEndpoint)
        }
    }

    private let chain: CredentialChain
    private let provider: RefreshingCredentialProvider

    /// Creates a provider; nothing is looked for before it is asked.
    ///
    /// - Parameters:
    ///   - configuration: What the chain is made with.
    ///   - httpClient: The HTTP connections.
    public init(configuration: Configuration = .init(), httpClient: AlibabaHTTPClient) {
        let context = CredentialContext(configuration, httpClient: httpClient)
        let chain = CredentialChain([
            (.environment, EnvironmentSource(context: context)),
            (.oidcRole, EnvironmentOIDCRoleSource(context: context)),
            (.cliProfile, CLIProfileSource(context: context)),
            (.iniProfile, INIProfileSource(context: context)),
            (.instanceRole, InstanceRoleSource(context: context)),
            (.credentialsURI, EnvironmentURISource(context: context)),
        ])
        self.chain = chain
        self.provider = RefreshingCredentialProvider(now: configuration.now) { try await chain.fetch() }
    }

    /// Where the credential comes from, once one was found.
    public var place: Place? { self.chain.place }

    /// The credential.
    ///
    /// - Throws: An ``AlibabaSMSError`` that says why each place gives none, or why the one that is kept does not.
    public func credential() async throws -> AlibabaCredential { try await self.provider.credential() }

    /// Lets go of a credential that the gateway refused, so that the next call fetches one from the place that is kept.
    ///
    /// - Parameter credential: The credential.
    public func invalidate(_ credential: AlibabaCredential) async { await self.provider.invalidate(credential) }
}

extension DefaultCredentialProvider.Configuration: Redacted {
    /// The type only: the environment holds keys.
    public var description: String { "DefaultCredentialProvider.Configuration" }
}

extension DefaultCredentialProvider: Redacted {
    /// Where the credential comes from, and nothing of it.
    public var description: String { "DefaultCredentialProvider(\(self.place?.description ?? "not asked yet"))" }
}
