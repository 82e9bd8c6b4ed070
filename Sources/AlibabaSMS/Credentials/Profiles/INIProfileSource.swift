/// The credential of a profile in INI form.
///
/// The file is read at each fetch.
struct INIProfileSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let named = self.context.value("ALIBABA_CLOUD_CREDENTIALS_FILE")
        let path = if let named { named } else { try self.context.home(".alibabacloud/credentials.ini") }
        let file = try INIFile(text: try CredentialFile(path, what: "the file").text())
        guard let profile = file[self.context.value("ALIBABA_CLOUD_PROFILE") ?? "default"] else {
            throw .missing("profile", "there is no profile of that name")
        }
        return try await self.source(of: profile).fetch()
    }

    private func source(of profile: [String: String]) throws(AlibabaSMSError) -> any CredentialSource {
        switch profile["type"] {
        case "access_key":
            return try self.key(of: profile)
        case "ram_role_arn":
            return try AssumedRoleSource(
                try self.role(of: profile),
                with: try self.key(of: profile),
                service: try self.context.securityTokenService()
            )
        case "oidc_role_arn":
            return try OIDCRoleSource(
                try self.role(of: profile),
                providerARN: profile["oidc_provider_arn"] ?? "",
                tokenFile: profile["oidc_token_file_path"] ?? "",
                service: try self.context.securityTokenService()
            )
        case "ecs_ram_role":
            return try self.context.instanceMetadata(roleName: profile["role_name"])
        default:
            let supported = "access_key, ram_role_arn, oidc_role_arn and ecs_ram_role"
            throw .unavailable("profile", "the type of the profile is not supported; \(supported) are")
        }
    }

    private func key(of profile: [String: String]) throws(AlibabaSMSError) -> StaticCredentialSource {
        StaticCredentialSource(
            credential: try AlibabaCredential(
                accessKeyID: profile["access_key_id"] ?? "",
                accessKeySecret: profile["access_key_secret"] ?? ""
            )
        )
    }

    private func role(of profile: [String: String]) throws(AlibabaSMSError) -> AssumedRole {
        try self.context.role(
            profile["role_arn"],
            sessionName: profile["role_session_name"],
            policy: profile["policy"]
        )
    }
}
