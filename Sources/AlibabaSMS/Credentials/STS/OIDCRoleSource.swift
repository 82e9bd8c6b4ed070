// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A source that assumes a role with a token from an identity provider.
struct OIDCRoleSource: CredentialSource {
    /// The maximum size of a token in bytes, as defined by the Security Token Service (STS).
    static let maximumTokenSize = 20_000

    let role: AssumedRole
    let providerARN: String
    let tokenFile: String
    let service: SecurityTokenService

    init(
        _ role: AssumedRole,
        providerARN: String,
        tokenFile: String,
        service: SecurityTokenService
    ) throws(AlibabaSMSError) {
        try role.validate()
        guard !providerARN.isEmpty else { throw .missing("oidcProviderARN", "oidcProviderARN is empty") }
        guard !tokenFile.isEmpty else { throw .missing("oidcTokenFile", "oidcTokenFile is empty") }
        self.role = role
        self.providerARN = providerARN
        self.tokenFile = tokenFile
        self.service = service
    }

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        // The file is read at each fetch, because the platform rotates the token.
        try await self.service.assume(self.role, providerARN: self.providerARN, token: try self.token())
    }

    private func token() throws(AlibabaSMSError) -> String {
        let text = try CredentialFile(self.tokenFile, what: "the OIDC token file").text()
        let token = text.split(whereSeparator: \.isWhitespace)
        guard token.count == 1, token[0].utf8.count <= Self.maximumTokenSize else {
            throw .unavailable("oidcTokenFile", "the OIDC token file does not contain exactly one token")
        }
        return String(token[0])
    }
}
