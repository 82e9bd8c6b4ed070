// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension CredentialProvider where Self == DefaultCredentialProvider {
    /// Returns a provider that searches the default chain of sources for a credential.
    ///
    /// - Parameters:
    ///   - configuration: The settings of the sources.
    ///   - httpClient: The HTTP connections.
    /// - Returns: The provider.
    public static func `default`(
        _ configuration: DefaultCredentialProvider.Configuration = .init(),
        httpClient: AlibabaHTTPClient
    ) -> Self { .init(configuration: configuration, httpClient: httpClient) }
}

extension CredentialProvider where Self == RefreshingCredentialProvider {
    /// Returns a provider that assumes a role with the credential of another provider.
    ///
    /// - Parameters:
    ///   - role: The role to assume.
    ///   - source: The provider of a credential with the permission to assume the role.
    ///   - stsEndpoint: The URL of the Security Token Service.
    ///   - allowsPlaintextSTSEndpoint: Whether `http:` is allowed for hosts other than this machine.
    ///   - httpClient: The HTTP connections.
    ///   - now: A closure that returns the current time, for timestamps and expiry.
    /// - Returns: The provider.
    /// - Throws: An error that names the invalid setting.
    public static func assumedRole(
        _ role: AssumedRole,
        with source: some CredentialProvider,
        stsEndpoint: String = "https://sts.aliyuncs.com",
        allowsPlaintextSTSEndpoint: Bool = false,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let endpoint = try Endpoint(sts: stsEndpoint, allowsPlaintext: allowsPlaintextSTSEndpoint)
        let service = SecurityTokenService(endpoint: endpoint, httpClient: httpClient, now: now)
        let source = ProviderCredentialSource(provider: source)
        return Self(try AssumedRoleSource(role, with: source, service: service), now: now)
    }

    /// Returns a provider that assumes a role with a token from an identity provider, such as a Kubernetes cluster.
    ///
    /// - Parameters:
    ///   - role: The role to assume.
    ///   - providerARN: The ARN of the identity provider.
    ///   - tokenFile: The path of the token file. The file is read at each fetch.
    ///   - stsEndpoint: The URL of the Security Token Service.
    ///   - allowsPlaintextSTSEndpoint: Whether `http:` is allowed for hosts other than this machine.
    ///   - httpClient: The HTTP connections.
    ///   - now: A closure that returns the current time, for timestamps and expiry.
    /// - Returns: The provider.
    /// - Throws: An error that names the invalid setting.
    public static func oidcRole(
        _ role: AssumedRole,
        providerARN: String,
        tokenFile: String,
        stsEndpoint: String = "https://sts.aliyuncs.com",
        allowsPlaintextSTSEndpoint: Bool = false,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let endpoint = try Endpoint(sts: stsEndpoint, allowsPlaintext: allowsPlaintextSTSEndpoint)
        let service = SecurityTokenService(endpoint: endpoint, httpClient: httpClient, now: now)
        let source = try OIDCRoleSource(role, providerARN: providerARN, tokenFile: tokenFile, service: service)
        return Self(source, now: now)
    }

    /// Returns a provider that uses the RAM role of the ECS instance.
    ///
    /// - Parameters:
    ///   - name: The name of the role; `nil` queries the metadata service for the name.
    ///   - allowsFirstVersion: Whether version 1 of the metadata service, which requires no token, may be used.
    ///   - endpoint: The URL of the metadata service.
    ///   - timeout: The timeout of one request.
    ///   - httpClient: The HTTP connections.
    ///   - now: A closure that returns the current time, which determines expiry.
    /// - Returns: The provider.
    /// - Throws: An error that names the invalid setting.
    public static func instanceRole(
        named name: String? = nil,
        allowsFirstVersion: Bool = true,
        endpoint: String = "http://100.100.100.200",
        timeout: Duration = .seconds(1),
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let source = try InstanceMetadataSource(
            roleName: name,
            allowsFirstVersion: allowsFirstVersion,
            endpoint: endpoint,
            timeout: timeout,
            httpClient: httpClient
        )
        return Self(source, now: now)
    }

    /// Returns a provider that fetches the credential from a URL, such as the URL of a sidecar.
    ///
    /// - Parameters:
    ///   - uri: The URL. With `http:` the credential is sent unencrypted, so the host should be this machine.
    ///   - httpClient: The HTTP connections.
    ///   - now: A closure that returns the current time, which determines expiry.
    /// - Returns: The provider.
    /// - Throws: An error if the URL is invalid.
    public static func credentialsURI(
        _ uri: String,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        Self(try CredentialsURISource(uri, httpClient: httpClient), now: now)
    }
}

extension RefreshingCredentialProvider {
    /// Creates a provider that fetches credentials from a source.
    fileprivate convenience init(_ source: some CredentialSource, now: @escaping @Sendable () -> Date) {
        self.init(now: now) { try await source.fetch() }
    }
}
