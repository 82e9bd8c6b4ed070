// SPDX-License-Identifier: Apache-2.0

/// A source that reads a profile of Alibaba's CLI.
///
/// The source reads the profile file at each fetch, because the CLI may have refreshed a token in the file.
struct CLIProfileSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let disabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
        guard !self.context.isTrue(disabled) else { throw .missing(disabled, "\(disabled) is true") }
        let named = self.context.value("ALIBABA_CLOUD_CONFIG_FILE")
        let path = if let named { named } else { try self.context.home(".aliyun/config.json") }
        let file = try CLIProfileFile(text: try CredentialFile(path, what: "the file").text())
        guard let name = self.context.value("ALIBABA_CLOUD_PROFILE") ?? file.current, !name.isEmpty else {
            throw .missing("profile", "the file has no current profile")
        }
        return try await self.source(of: file, profile: name, after: []).fetch()
    }

    /// Returns the source that a profile describes.
    ///
    /// - Parameters:
    ///   - file: The file that contains the profile.
    ///   - name: The name of the profile.
    ///   - chain: The names of the profiles that refer to this profile, directly or indirectly, for the detection of cycles.
    /// - Returns: The source.
    /// - Throws: An error that names the missing or unsupported setting.
    private func source(
        of file: CLIProfileFile,
        profile name: String,
        after chain: [String]
    ) throws(AlibabaSMSError) -> any CredentialSource {
        guard !chain.contains(name) else {
            throw .unavailable("profile", "the source profiles refer to each other in a cycle")
        }
        let profile = try file.profile(name)
        switch profile.mode {
        case "AK":
            return try self.key(of: profile, token: nil)
        case "StsToken":
            guard let token = profile.stsToken, !token.isEmpty else {
                throw .unavailable("profile", "the profile lacks sts_token")
            }
            return try self.key(of: profile, token: token)
        case "RamRoleArn":
            return try self.assumedRole(of: profile, with: try self.key(of: profile, token: nil))
        case "ChainableRamRoleArn":
            guard let sourceName = profile.sourceProfile, !sourceName.isEmpty else {
                throw .unavailable("profile", "the profile lacks source_profile")
            }
            let source = try self.source(of: file, profile: sourceName, after: chain + [name])
            return try self.assumedRole(of: profile, with: source)
        case "EcsRamRole":
            return try self.context.instanceMetadata(roleName: profile.roleName)
        case "OIDC":
            return try self.oidcRole(of: profile)
        default:
            let supported = "AK, StsToken, RamRoleArn, EcsRamRole, OIDC and ChainableRamRoleArn"
            throw .unavailable("profile", "the mode of the profile is not supported; supported are \(supported)")
        }
    }

    private func key(of profile: CLIProfile, token: String?) throws(AlibabaSMSError) -> StaticCredentialSource {
        StaticCredentialSource(
            credential: try AlibabaCredential(
                accessKeyID: profile.accessKeyID ?? "",
                accessKeySecret: profile.accessKeySecret ?? "",
                securityToken: token
            )
        )
    }

    private func assumedRole(
        of profile: CLIProfile,
        with source: any CredentialSource
    ) throws(AlibabaSMSError) -> AssumedRoleSource {
        try AssumedRoleSource(
            try self.context.role(
                profile.roleARN,
                sessionName: profile.sessionName,
                lifetime: profile.lifetime,
                policy: profile.policy,
                externalID: profile.externalID
            ),
            with: source,
            service: try self.context.securityTokenService(region: profile.stsRegion, usesVPC: profile.usesVPC)
        )
    }

    private func oidcRole(of profile: CLIProfile) throws(AlibabaSMSError) -> OIDCRoleSource {
        try OIDCRoleSource(
            try self.context.role(
                profile.roleARN,
                sessionName: profile.oidcSessionName,
                lifetime: profile.lifetime,
                policy: profile.policy
            ),
            providerARN: profile.oidcProviderARN ?? "",
            tokenFile: profile.oidcTokenFile ?? "",
            service: try self.context.securityTokenService(region: profile.stsRegion, usesVPC: profile.usesVPC)
        )
    }
}
