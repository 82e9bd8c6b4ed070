// SPDX-License-Identifier: Apache-2.0

/// A source that reads an AccessKey from environment variables.
struct EnvironmentSource: CredentialSource {
    let context: CredentialContext

    func fetch() throws(AlibabaSMSError) -> AlibabaCredential {
        try EnvironmentCredentialProvider(environment: self.context.environment).credential()
    }
}

/// A source that assumes a role with an OIDC token.
///
/// Environment variables contain the ARN of the role, the ARN of the identity provider and the path of the token file.
struct EnvironmentOIDCRoleSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let file = try self.context.require("ALIBABA_CLOUD_OIDC_TOKEN_FILE")
        let arn = try self.context.require("ALIBABA_CLOUD_ROLE_ARN")
        let provider = try self.context.require("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
        return try await OIDCRoleSource(
            try self.context.role(arn, sessionName: nil),
            providerARN: provider,
            tokenFile: file,
            service: try self.context.securityTokenService()
        )
        .fetch()
    }
}

/// A source that uses the RAM role of the ECS instance.
struct InstanceRoleSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        try await self.context.instanceMetadata(roleName: nil).fetch()
    }
}

/// A source that fetches a credential from the URL in `ALIBABA_CLOUD_CREDENTIALS_URI`.
struct EnvironmentURISource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let uri = try self.context.require("ALIBABA_CLOUD_CREDENTIALS_URI")
        return try await CredentialsURISource(uri, httpClient: self.context.httpClient).fetch()
    }
}
