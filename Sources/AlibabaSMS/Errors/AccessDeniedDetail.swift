public import Redaction

/// What the gateway's access control says of a request that it refused.
///
/// It names the account and the user, so it is neither printed nor dumped.
public struct AccessDeniedDetail: Sendable, Hashable {
    /// The permission that is missing, such as `dysms:SendMessageToGlobe`.
    public var action: String?

    /// Who asked: `SubUser`, `AssumedRoleUser` and others.
    public var principalType: String?

    /// The account that the principal belongs to.
    public var principalOwnerID: String?

    /// The name of the principal.
    public var principalDisplayName: String?

    /// Why it was refused: `ImplicitDeny` or `ExplicitDeny`.
    public var noPermissionType: String?

    /// The kind of policy that decided.
    public var policyType: String?

    /// A text that only the account's owner can have decoded.
    public var encodedDiagnosticMessage: String?

    /// The fields that are not known here.
    public var otherFields: [String: JSONValue]

    init(_ fields: ResponseFields) {
        var fields = fields
        self.action = fields.takeText("AuthAction")
        self.principalType = fields.takeText("AuthPrincipalType")
        self.principalOwnerID = fields.takeText("AuthPrincipalOwnerId")
        self.principalDisplayName = fields.takeText("AuthPrincipalDisplayName")
        self.noPermissionType = fields.takeText("NoPermissionType")
        self.policyType = fields.takeText("PolicyType")
        self.encodedDiagnosticMessage = fields.takeText("EncodedDiagnosticMessage")
        self.otherFields = fields.values
    }
}

extension AccessDeniedDetail: Redacted {
    /// The kind of refusal only.
    public var description: String {
        "AccessDeniedDetail(\(self.noPermissionType.flatMap(SafeText.wellFormedCode) ?? "–"))"
    }
}
