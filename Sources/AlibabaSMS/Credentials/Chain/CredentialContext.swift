// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The settings that all credential sources share, such as the environment variables.
struct CredentialContext: Sendable {
    private let configuration: DefaultCredentialProvider.Configuration
    let httpClient: AlibabaHTTPClient

    init(_ configuration: DefaultCredentialProvider.Configuration, httpClient: AlibabaHTTPClient) {
        self.configuration = configuration
        self.httpClient = httpClient
    }

    /// The environment variables.
    var environment: [String: String] { self.configuration.environment }

    /// Returns the value of an environment variable, or `nil` if the variable is missing or empty.
    func value(_ name: String) -> String? {
        guard let value = self.environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// Returns the value of a required environment variable, or throws an error if the variable is missing or empty.
    func require(_ name: String) throws(AlibabaSMSError) -> String {
        guard let value = self.value(name) else { throw .missing(name, "\(name) is not set") }
        return value
    }

    /// Returns whether the value of an environment variable is `true`.
    func isTrue(_ name: String) -> Bool { self.value(name)?.lowercased() == "true" }

    /// Returns the absolute path of a file in the home directory.
    func home(_ path: String) throws(AlibabaSMSError) -> String { "\(try self.require("HOME"))/\(path)" }

    /// Returns a client for the Security Token Service.
    ///
    /// If `region` is `nil`, the environment variable `ALIBABA_CLOUD_STS_REGION` replaces it. If `usesVPC` is `nil`, the
    /// environment variable `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` replaces it.
    func securityTokenService(
        region: String? = nil,
        usesVPC: Bool? = nil
    ) throws(AlibabaSMSError) -> SecurityTokenService {
        let chosen = try SecurityTokenService.endpoint(
            region: region ?? self.value("ALIBABA_CLOUD_STS_REGION"),
            isVPC: usesVPC ?? self.isTrue("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
        )
        let endpoint = try Endpoint(
            sts: self.configuration.stsEndpoint ?? chosen,
            allowsPlaintext: self.configuration.allowsPlaintextSTSEndpoint
        )
        return SecurityTokenService(endpoint: endpoint, httpClient: self.httpClient, now: self.configuration.now)
    }

    /// Returns a credential source that uses the metadata service of the ECS instance.
    ///
    /// - Throws: An error if an environment variable disables the metadata service, or if a setting is invalid.
    func instanceMetadata(roleName: String?) throws(AlibabaSMSError) -> InstanceMetadataSource {
        let disabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
        guard !self.isTrue(disabled) else { throw .missing(disabled, "\(disabled) is true") }
        return try InstanceMetadataSource(
            roleName: roleName ?? self.value("ALIBABA_CLOUD_ECS_METADATA"),
            allowsFirstVersion: !self.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED"),
            endpoint: self.configuration.metadataEndpoint,
            timeout: self.configuration.metadataTimeout,
            httpClient: self.httpClient
        )
    }

    /// Returns the role to assume.
    ///
    /// If `sessionName` is `nil` or empty, the environment variable `ALIBABA_CLOUD_ROLE_SESSION_NAME` replaces it.
    func role(
        _ arn: String?,
        sessionName: String?,
        lifetime: Int? = nil,
        policy: String? = nil,
        externalID: String? = nil
    ) throws(AlibabaSMSError) -> AssumedRole {
        guard let arn, !arn.isEmpty else { throw .missing("roleARN", "the ARN of the role is missing") }
        var role = AssumedRole(arn: arn, policy: policy.nonEmpty, externalID: externalID.nonEmpty)
        if let name = sessionName.nonEmpty ?? self.value("ALIBABA_CLOUD_ROLE_SESSION_NAME") { role.sessionName = name }
        if let lifetime, lifetime != 0 { role.duration = .seconds(lifetime) }
        return role
    }
}

extension String? {
    /// The text, or `nil` if the text is empty.
    fileprivate var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
