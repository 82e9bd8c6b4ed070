// SPDX-License-Identifier: Apache-2.0

/// An error response of the gateway in front of the service: an HTTP status and a code.
struct GatewayError: Error, Sendable, Hashable {
    var status: Int
    var code: String
    var message: String

    /// The delay before a retry, in milliseconds.
    var retryAfter: Int?

    /// The details of a denied permission.
    var accessDenied: AccessDenial?

    /// Whether the response has the service's format and HTTP status 200.
    var usesServiceFormat = false

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension GatewayError {
    /// Returns the error that a fault rule injects.
    static func injected(_ code: String, status: Int?, retryAfter: Duration?) -> Self {
        let isOfService = Fault.isOfService(code)
        var error = Self(status ?? (isOfService ? 200 : Fault.status(of: code)), code, Self.injectedMessage)
        error.usesServiceFormat = isOfService
        error.retryAfter = retryAfter.map { Int(($0 / .milliseconds(1)).rounded()) }
        return error
    }

    private static let injectedMessage = "Emulator: a fault rule rejected the request."
}

/// The details of a request that access control denied.
struct AccessDenial: Encodable, Sendable, Hashable {
    var action: String
    var principalType: String
    var principalOwnerID = "1234567890123456"
    var principalName: String
    var noPermissionType: String
    var policyType: String

    /// Describes why the policies of a key deny an action.
    init(_ key: AccessKey, action: String) {
        self.action = action
        switch key.principal {
        case .user(let name):
            self.principalType = "SubUser"
            self.principalName = name
        case .role(let name, let session):
            self.principalType = "AssumedRoleUser"
            self.principalName = "\(name):\(session)"
        }
        self.noPermissionType = key.denies(action) ? "ExplicitDeny" : "ImplicitDeny"
        let isFromSession =
            key.sessionPolicy.map { session in
                key.denies(action)
                    ? session.denies(action) : !session.allows(action) && key.policies.contains { $0.allows(action) }
            } ?? false
        self.policyType = isFromSession ? "AssumeRolePolicy" : "AccountLevelIdentityBasedPolicy"
    }

    private enum CodingKeys: String, CodingKey {
        case action = "AuthAction"
        case principalType = "AuthPrincipalType"
        case principalOwnerID = "AuthPrincipalOwnerId"
        case principalName = "AuthPrincipalDisplayName"
        case noPermissionType = "NoPermissionType"
        case policyType = "PolicyType"
    }
}

/// An error response of the service behind the gateway: HTTP 200 and a code.
struct ServiceError: Error, Sendable, Hashable {
    var code: String
    var message: String

    /// The HTTP status; a fault rule can replace the 200 of service responses.
    var status = 200

    /// The delay before a retry, in milliseconds.
    var retryAfter: Int?

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Returns the error that a fault rule injects.
    static func injected(_ code: String, status: Int?, retryAfter: Duration?) -> Self {
        let injected = GatewayError.injected(code, status: status, retryAfter: retryAfter)
        var error = Self(injected.code, injected.message)
        error.status = injected.status
        error.retryAfter = injected.retryAfter
        return error
    }
}
