import AlibabaSMS
import FoundationEssentials

/// An AccessKey that the emulator knows: whose it is, for how long it lasts and what it may do.
struct AccessKey: Sendable, Hashable {
    /// Who acts with the key.
    enum Principal: Sendable, Hashable {
        case user(name: String)
        case role(name: String, session: String)
    }

    let credential: AlibabaCredential
    let principal: Principal
    let policies: [AccessPolicy]

    /// What else has to allow an action: the policy that was given when the role was assumed.
    var sessionPolicy: AccessPolicy?

    var isActive = true

    /// When a temporary key ends.
    var expiration: Date?

    /// Whether a temporary key has ended.
    func isExpired(at now: Date) -> Bool { self.expiration.map { $0 <= now } ?? false }

    /// Whether the key may be used for an action, such as `dysms:SendMessageToGlobe`.
    func allows(_ action: String) -> Bool {
        !self.denies(action) && self.policies.contains { $0.allows(action) }
            && self.sessionPolicy?.allows(action) != false
    }

    /// Whether a policy of the key denies an action, rather than that none allows it.
    func denies(_ action: String) -> Bool {
        self.policies.contains { $0.denies(action) } || self.sessionPolicy?.denies(action) == true
    }
}

extension AccessKey {
    /// The key of a user.
    init(_ user: RAMUser) {
        self.init(
            credential: user.credential,
            principal: .user(name: user.name),
            policies: user.policies,
            isActive: user.isActive
        )
    }
}
