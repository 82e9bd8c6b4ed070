// SPDX-License-Identifier: Apache-2.0

/// A source that reads a profile in INI format.
///
/// The source reads the file at each fetch, so changes of the file take effect.
struct INIProfileSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        try await self.source(of: try self.profile()).fetch()
    }

    /// Returns the keys and values of the profile.
    ///
    /// If `ALIBABA_CLOUD_CREDENTIALS_FILE` is set, the profile is read from the file at this path. Otherwise the profile is
    /// read from the first default file that contains the profile.
    private func profile() throws(AlibabaSMSError) -> [String: String] {
        let name = self.context.value("ALIBABA_CLOUD_PROFILE") ?? "default"
        var failure: AlibabaSMSError?
        for file in try self.files() {
            do {
                if let profile = try INIFile(text: try file.text())[name] { return profile }
            } catch {
                // Each SDK reads only one of the files, so an invalid file must not hide the other files.
                failure = failure ?? error
            }
        }
        throw failure ?? .missing("profile", "there is no profile of that name")
    }

    private func files() throws(AlibabaSMSError) -> [CredentialFile] {
        if let path = self.context.value("ALIBABA_CLOUD_CREDENTIALS_FILE") {
            return [CredentialFile(path, what: "the file")]
        }
        let home = try self.context.home("")
        let files = Self.defaultPaths.map { CredentialFile(home + $0, what: "the file") }
        let existing = files.filter(\.exists)
        // If no file exists, the error names the first path.
        return existing.isEmpty ? Array(files.prefix(1)) : existing
    }

    /// The default paths of Alibaba's SDKs, relative to the home directory.
    ///
    /// The first path is for Python and Java, the second for Go, Node and PHP, the third for old Python SDKs.
    private static let defaultPaths = [
        ".alibabacloud/credentials.ini", ".alibabacloud/credentials", ".aliyun/credentials.ini",
    ]

    private func source(of profile: [String: String]) throws(AlibabaSMSError) -> any CredentialSource {
        switch profile["type"] {
        case "access_key":
            return try self.key(of: profile, token: nil)
        case "sts":
            guard let token = profile["security_token"], !token.isEmpty else {
                throw .unavailable("profile", "the profile lacks security_token")
            }
            return try self.key(of: profile, token: token)
        case "ram_role_arn":
            return try AssumedRoleSource(
                try self.role(of: profile),
                with: try self.key(of: profile, token: nil),
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
            let supported = "access_key, sts, ram_role_arn, oidc_role_arn and ecs_ram_role"
            throw .unavailable("profile", "the type of the profile is not supported; supported are \(supported)")
        }
    }

    private func key(
        of profile: [String: String],
        token: String?
    ) throws(AlibabaSMSError) -> StaticCredentialSource {
        StaticCredentialSource(
            credential: try AlibabaCredential(
                accessKeyID: profile["access_key_id"] ?? "",
                accessKeySecret: profile["access_key_secret"] ?? "",
                securityToken: token
            )
        )
    }

    private func role(of profile: [String: String]) throws(AlibabaSMSError) -> AssumedRole {
        let lifetime = profile["role_session_expiration"] ?? ""
        guard lifetime.isEmpty || Int(lifetime) != nil else {
            throw .unavailable("profile", "role_session_expiration of the profile is not a number of seconds")
        }
        return try self.context.role(
            profile["role_arn"],
            sessionName: profile["role_session_name"],
            lifetime: Int(lifetime),
            policy: profile["policy"]
        )
    }
}
