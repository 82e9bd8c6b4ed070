public import FoundationEssentials

extension CredentialProvider where Self == DefaultCredentialProvider {
    /// The credential from the first place that has one.
    ///
    /// - Parameters:
    ///   - configuration: What the chain is made with.
    ///   - httpClient: The HTTP connections.
    /// - Returns: The provider.
    public static func `default`(
        _ configuration: DefaultCredentialProvider.Configuration = .init(),
        httpClient: AlibabaHTTPClient
    ) -> Self { .init(configuration: configuration, httpClient: httpClient) }
}

extension CredentialProvider where Self == RefreshingCredentialProvider {
    /// The credential of a role that is assumed with another credential.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - source: Whose credential may assume it.
    ///   - stsEndpoint: The URL of the Security Token Service.
    ///   - allowsPlaintextSTSEndpoint: Whether that URL may be `http:` on hosts other than this one.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time by which requests are signed and credentials end.
    /// - Returns: The provider.
    /// - Throws: An error that names the field that cannot be used.
    public static func assumedRole(
        _ role: AssumedRole,
        with source: some CredentialProvider,
        stsEndpoint: String = "https://sts.aliyuncs.com",
        allowsPlaintextSTSEndpoint: Bool = false,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let source = try AssumedRoleSource(
            role,
            with: ProviderCredentialSource(provider: source),
            service: try SecurityTokenService(
                endpoint: stsEndpoint,
                allowsPlaintext: allowsPlaintextSTSEndpoint,
                httpClient: httpClient,
                now: now
            )
        )
        return .init(now: now) { try await source.fetch() }
    }

    /// The credential of a role that is assumed with the token of an identity provider, such as a Kubernetes cluster.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - providerARN: The ARN of the identity provider.
    ///   - tokenFile: The path of the file with the token; it is read at each fetch.
    ///   - stsEndpoint: The URL of the Security Token Service.
    ///   - allowsPlaintextSTSEndpoint: Whether that URL may be `http:` on hosts other than this one.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time by which credentials end.
    /// - Returns: The provider.
    /// - Throws: An error that names the field that cannot be used.
    public static func oidcRole(
        _ role: AssumedRole,
        providerARN: String,
        tokenFile: String,
        stsEndpoint: String = "https://sts.aliyuncs.com",
        allowsPlaintextSTSEndpoint: Bool = false,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let source = try OIDCRoleSource(
            role,
            providerARN: providerARN,
            tokenFile: tokenFile,
            service: try SecurityTokenService(
                endpoint: stsEndpoint,
                allowsPlaintext: allowsPlaintextSTSEndpoint,
                httpClient: httpClient,
                now: now
            )
        )
        return .init(now: now) { try await source.fetch() }
    }

    /// The credential of the RAM role of the ECS instance.
    ///
    /// - Parameters:
    ///   - name: The role; without one, the metadata service is asked for it.
    ///   - allowsFirstVersion: Whether the first version of the service, which asks for no token, may be used.
    ///   - endpoint: The URL of the metadata service.
    ///   - timeout: The longest that one request may take.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time by which credentials end.
    /// - Returns: The provider.
    /// - Throws: An error that names the field that cannot be used.
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
        return .init(now: now) { try await source.fetch() }
    }

    /// The credential that a program beside this one gives out at a URL.
    ///
    /// - Parameters:
    ///   - uri: The URL; with `http:` the credential travels in clear, so that should be this host.
    ///   - httpClient: The HTTP connections.
    ///   - now: The time by which credentials end.
    /// - Returns: The provider.
    /// - Throws: An error if the text is no URL.
    public static func credentialsURI(
        _ uri: String,
        httpClient: AlibabaHTTPClient,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(AlibabaSMSError) -> Self {
        let source = try CredentialsURISource(uri, httpClient: httpClient)
        return .init(now: now) { try await source.fetch() }
    }
}
