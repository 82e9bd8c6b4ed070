// SPDX-License-Identifier: Apache-2.0

/// A source that assumes a role with the credential of another source.
struct AssumedRoleSource: CredentialSource {
    let role: AssumedRole
    let source: any CredentialSource
    let service: SecurityTokenService

    init(
        _ role: AssumedRole,
        with source: any CredentialSource,
        service: SecurityTokenService
    ) throws(AlibabaSMSError) {
        try role.validate()
        self.role = role
        self.source = source
        self.service = service
    }

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        try await self.service.assume(self.role, with: try await self.source.fetch())
    }
}
