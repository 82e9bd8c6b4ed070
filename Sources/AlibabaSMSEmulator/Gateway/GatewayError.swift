/// A refusal by the gateway in front of the service: an HTTP status and a code.
struct GatewayError: Error, Sendable, Hashable {
    var status: Int
    var code: String
    var message: String

    /// After how many milliseconds the request may be made again.
    var retryAfter: Int?

    /// What access control says of it.
    var accessDenied: AccessDenial?

    /// Whether it is answered in the shape of the service, with HTTP 200.
    var usesServiceFormat = false

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

extension GatewayError {
    /// A refusal because a rule says so.
    static func planned(_ code: String, status: Int?, retryAfter: Duration?) -> Self {
        let isOfService = Fault.isOfService(code)
        var fault = Self(status ?? (isOfService ? 200 : Fault.status(of: code)), code, Self.plannedMessage)
        fault.usesServiceFormat = isOfService
        fault.retryAfter = retryAfter.map { Int(($0 / .milliseconds(1)).rounded()) }
        return fault
    }

    fileprivate static let plannedMessage = "A fault of the emulator was asked for."
}

/// What access control says of a request that it refused.
struct AccessDenial: Encodable, Sendable, Hashable {
    var action: String
    var principalType: String
    var principalOwnerID = "1234567890123456"
    var principalName: String
    var noPermissionType: String
    var policyType: String

    /// Why a key may not do something.
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
        let isForTheSession =
            key.sessionPolicy.map { session in
                key.denies(action)
                    ? session.denies(action) : !session.allows(action) && key.policies.contains { $0.allows(action) }
            } ?? false
        self.policyType = isForTheSession ? "AssumeRolePolicy" : "AccountLevelIdentityBasedPolicy"
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

/// A refusal by the service behind the gateway: HTTP 200 and a code.
struct ServiceError: Error, Sendable, Hashable {
    var code: String
    var message: String

    /// The HTTP status, if it is not that of everything the service says.
    var status = 200

    /// After how many milliseconds the request may be made again.
    var retryAfter: Int?

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A refusal because a rule says so.
    static func planned(_ code: String, status: Int?, retryAfter: Duration?) -> Self {
        let planned = GatewayError.planned(code, status: status, retryAfter: retryAfter)
        var fault = Self(planned.code, planned.message)
        fault.status = planned.status
        fault.retryAfter = planned.retryAfter
        return fault
    }
}
