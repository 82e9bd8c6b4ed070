// SPDX-License-Identifier: Apache-2.0

/// An error with which the emulated API gateway of Alibaba Cloud rejects a request.
///
/// The request then does not reach the cloud service behind the gateway.
struct GatewayError: Error, Sendable, Hashable {
    var status: Int
    var code: String
    var message: String

    /// The delay before a retry in milliseconds; `nil` if the response states none.
    var retryAfter: Int?

    /// The details of a denied permission.
    var accessDenied: AccessDenial?

    /// Whether the error is sent in the format of service responses.
    var usesServiceFormat = false

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension GatewayError {
    /// Creates the error that a fault rule injects.
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

    /// Creates the details for a key whose policies do not permit an action.
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

/// An error response of the service behind the gateway.
struct ServiceError: Error, Sendable, Hashable {
    var code: String
    var message: String

    /// The HTTP status, which is 200 unless a fault rule replaces it.
    var status = 200

    /// The delay before a retry in milliseconds; `nil` if the response states none.
    var retryAfter: Int?

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Creates the error that a fault rule injects.
    static func injected(_ code: String, status: Int?, retryAfter: Duration?) -> Self {
        let injected = GatewayError.injected(code, status: status, retryAfter: retryAfter)
        var error = Self(injected.code, injected.message)
        error.status = injected.status
        error.retryAfter = injected.retryAfter
        return error
    }
}
