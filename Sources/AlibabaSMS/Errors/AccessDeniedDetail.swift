// SPDX-License-Identifier: Apache-2.0

public import Redaction

/// The gateway's explanation of a missing permission.
///
/// The fields contain the names of the account and the user. The `description` and the output of `dump` omit these names.
public struct AccessDeniedDetail: Sendable, Hashable {
    /// The missing permission, such as `dysms:SendMessageToGlobe`.
    public var action: String?

    /// The type of the caller, such as `SubUser` or `AssumedRoleUser`.
    public var principalType: String?

    /// The ID of the caller's account.
    public var principalOwnerID: String?

    /// The name of the caller.
    public var principalDisplayName: String?

    /// The type of denial, which is `ImplicitDeny` or `ExplicitDeny`.
    public var noPermissionType: String?

    /// The type of the policy that denied the request.
    public var policyType: String?

    /// A diagnostic text that only the account owner can decode.
    public var encodedDiagnosticMessage: String?

    /// The fields that this version of the library does not know.
    ///
    /// Strings are unchanged, and other values are JSON text.
    public var otherFields: [String: String]

    /// Creates an explanation.
    ///
    /// - Parameters:
    ///   - action: The missing permission.
    ///   - principalType: The type of the caller.
    ///   - principalOwnerID: The ID of the caller's account.
    ///   - principalDisplayName: The name of the caller.
    ///   - noPermissionType: The type of denial.
    ///   - policyType: The type of the policy that denied the request.
    ///   - encodedDiagnosticMessage: A diagnostic text that only the account owner can decode.
    ///   - otherFields: The fields that this version of the library does not know.
    public init(
        action: String? = nil,
        principalType: String? = nil,
        principalOwnerID: String? = nil,
        principalDisplayName: String? = nil,
        noPermissionType: String? = nil,
        policyType: String? = nil,
        encodedDiagnosticMessage: String? = nil,
        otherFields: [String: String] = [:]
    ) {
        self.action = action
        self.principalType = principalType
        self.principalOwnerID = principalOwnerID
        self.principalDisplayName = principalDisplayName
        self.noPermissionType = noPermissionType
        self.policyType = policyType
        self.encodedDiagnosticMessage = encodedDiagnosticMessage
        self.otherFields = otherFields
    }

    init(_ fields: ResponseFields) {
        var fields = fields
        self.action = fields.takeText("AuthAction")
        self.principalType = fields.takeText("AuthPrincipalType")
        self.principalOwnerID = fields.takeText("AuthPrincipalOwnerId")
        self.principalDisplayName = fields.takeText("AuthPrincipalDisplayName")
        self.noPermissionType = fields.takeText("NoPermissionType")
        self.policyType = fields.takeText("PolicyType")
        self.encodedDiagnosticMessage = fields.takeText("EncodedDiagnosticMessage")
        self.otherFields = fields.texts
    }
}

extension AccessDeniedDetail: Redacted {
    /// The type of denial, without any other value.
    public var description: String {
        "AccessDeniedDetail(\(self.noPermissionType.flatMap(SafeText.wellFormedCode) ?? "–"))"
    }
}
