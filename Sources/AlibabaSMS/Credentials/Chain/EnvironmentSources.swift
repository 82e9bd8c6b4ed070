// SPDX-License-Identifier: Apache-2.0

/// The AccessKey in the environment variables.
struct EnvironmentSource: CredentialSource {
    let context: CredentialContext

    func fetch() throws(AlibabaSMSError) -> AlibabaCredential {
        try EnvironmentCredentialProvider(environment: self.context.environment).credential()
    }
}

/// The OIDC role in the environment variables, assumed with the token in a file.
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

/// The RAM role of the ECS instance.
struct InstanceRoleSource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        try await self.context.instanceMetadata(roleName: nil).fetch()
    }
}

/// The credentials URI in the environment variables.
struct EnvironmentURISource: CredentialSource {
    let context: CredentialContext

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let uri = try self.context.require("ALIBABA_CLOUD_CREDENTIALS_URI")
        return try await CredentialsURISource(uri, httpClient: self.context.httpClient).fetch()
    }
}
