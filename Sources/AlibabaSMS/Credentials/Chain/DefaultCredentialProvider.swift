// SPDX-License-Identifier: Apache-2.0

public import Redaction

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A provider that searches several sources for a credential, in the same order as Alibaba's SDKs.
///
/// The sources, in order:
///
/// 1. The environment: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary credential,
///    `ALIBABA_CLOUD_SECURITY_TOKEN`.
/// 2. An OIDC role: `ALIBABA_CLOUD_OIDC_TOKEN_FILE`, `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.
/// 3. A profile of Alibaba's CLI: `~/.aliyun/config.json`.
/// 4. A profile in INI format: `~/.alibabacloud/credentials.ini`.
/// 5. The RAM role of the ECS instance.
/// 6. The credentials URI: `ALIBABA_CLOUD_CREDENTIALS_URI`.
///
/// The provider keeps using the first source that has a credential, and refreshes temporary credentials like
/// ``RefreshingCredentialProvider``. If no source has a credential, the error contains the reason for each source.
public struct DefaultCredentialProvider: CredentialProvider {
    /// A source of credentials.
    public struct Source: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        /// The name of the source, such as `CLI profile`.
        public var description: String { self.name }

        /// An AccessKey in the environment variables.
        public static let environment = Self(name: "environment")

        /// A role that is assumed with a token from an identity provider.
        public static let oidcRole = Self(name: "OIDC role")

        /// A profile of Alibaba's CLI.
        public static let cliProfile = Self(name: "CLI profile")

        /// A profile in INI format.
        public static let iniProfile = Self(name: "INI profile")

        /// The RAM role of the ECS instance.
        public static let instanceRole = Self(name: "ECS RAM role")

        /// A URL that returns a credential, such as the URL of a sidecar.
        public static let credentialsURI = Self(name: "credentials URI")

        /// All sources, in the order in which the provider searches them.
        public static let all: [Self] = [
            .environment, .oidcRole, .cliProfile, .iniProfile, .instanceRole, .credentialsURI,
        ]
    }

    /// The settings of the credential sources.
    public struct Configuration: Sendable {
        /// The environment variables, including `HOME`.
        public var environment: [String: String]

        /// The URL of the Security Token Service; `nil` derives the URL from the configured region and VPC setting.
        public var stsEndpoint: String?

        /// Whether ``stsEndpoint`` may be an `http:` URL of a host other than this machine.
        public var allowsPlaintextSTSEndpoint: Bool

        /// The URL of the ECS instance's metadata service.
        public var metadataEndpoint: String

        /// The timeout of one request to the metadata service.
        ///
        /// On a machine other than an ECS instance, the service does not exist. The provider may then wait for this timeout
        /// twice, once for each version of the service.
        public var metadataTimeout: Duration

        /// A closure that returns the current time, for timestamps and expiry.
        public var now: @Sendable () -> Date

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - environment: The environment variables; by default the variables of the process.
        ///   - stsEndpoint: The URL of the Security Token Service; `nil` derives the URL from the configured region and VPC
        ///     setting.
        ///   - allowsPlaintextSTSEndpoint: Whether `http:` is allowed for hosts other than this machine.
        ///   - metadataEndpoint: The URL of the ECS instance's metadata service.
        ///   - metadataTimeout: The timeout of one request to the metadata service.
        ///   - now: A closure that returns the current time, for timestamps and expiry.
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

        /// Validates ``stsEndpoint``, so an invalid URL is found before the first request.
        ///
        /// - Throws: An error if the URL is invalid.
        public func checkSTSEndpoint() throws(AlibabaSMSError) {
            guard let text = self.stsEndpoint else { return }
            _ = try Endpoint(sts: text, allowsPlaintext: self.allowsPlaintextSTSEndpoint)
        }
    }

    private let chain: CredentialChain
    private let provider: RefreshingCredentialProvider

    /// Creates a provider.
    ///
    /// The first call of ``credential()`` searches the sources.
    ///
    /// - Parameters:
    ///   - configuration: The settings of the sources.
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

    /// The source in use; `nil` until a source has returned a credential.
    public var source: Source? { self.chain.source }

    /// Returns the credential.
    ///
    /// - Throws: An ``AlibabaSMSError`` that states why the source in use failed. If no source is in use, the error contains
    ///   the reason for each source.
    public func credential() async throws -> AlibabaCredential { try await self.provider.credential() }

    /// Drops a credential that the gateway rejected.
    ///
    /// The next call of ``credential()`` fetches a new credential from the source in use.
    ///
    /// - Parameter credential: The rejected credential.
    public func invalidate(_ credential: AlibabaCredential) async { await self.provider.invalidate(credential) }
}

extension DefaultCredentialProvider.Configuration: Redacted {
    /// The name of the type, without the environment variables, which may contain keys.
    public var description: String { "DefaultCredentialProvider.Configuration" }
}

extension DefaultCredentialProvider: Redacted {
    /// A text with the source in use, without the credential.
    public var description: String { "DefaultCredentialProvider(\(self.source?.description ?? "no source yet"))" }
}
