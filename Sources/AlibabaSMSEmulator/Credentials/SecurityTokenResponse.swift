// SPDX-License-Identifier: Apache-2.0

/// An error response of the Security Token Service (STS).
struct SecurityTokenErrorResponse: Encodable {
    var requestID: String
    var hostID: String
    var code: String
    var message: String

    private enum CodingKeys: String, CodingKey {
        case requestID = "RequestId"
        case hostID = "HostId"
        case code = "Code"
        case message = "Message"
        case recommend = "Recommend"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.requestID, forKey: .requestID)
        try container.encode(self.hostID, forKey: .hostID)
        try container.encode(self.code, forKey: .code)
        try container.encode(self.message, forKey: .message)
        try container.encode(
            "https://api.alibabacloud.com/troubleshoot?q=\(self.code)&product=Sts",
            forKey: .recommend
        )
    }
}

/// A successful response of the Security Token Service (STS).
struct SecurityTokenResponse: Encodable {
    struct RoleUser: Encodable {
        var arn: String
        var id: String

        private enum CodingKeys: String, CodingKey {
            case arn = "Arn"
            case id = "AssumedRoleId"
        }
    }

    struct TokenInfo: Encodable {
        var issuer: String
        var subject: String
        var clientIDs: String

        private enum CodingKeys: String, CodingKey {
            case issuer = "Issuer"
            case subject = "Subject"
            case clientIDs = "ClientIds"
        }
    }

    var requestID: String
    var roleUser: RoleUser
    var credentials: CredentialResponse
    var tokenInfo: TokenInfo?

    init(_ key: AccessKey, request: RoleRequest, requestID: String, token: OIDCToken?) {
        self.requestID = requestID
        let role = "\(request.roleName)/\(request.sessionName)"
        self.roleUser = RoleUser(
            arn: "acs:ram::\(request.account):assumed-role/\(role)",
            id: "300000000000000000:\(request.sessionName)"
        )
        self.credentials = CredentialResponse(key)
        self.tokenInfo = token.map {
            TokenInfo(issuer: $0.issuer, subject: $0.subject, clientIDs: $0.audience)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case requestID = "RequestId"
        case roleUser = "AssumedRoleUser"
        case credentials = "Credentials"
        case tokenInfo = "OIDCTokenInfo"
    }
}
