// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An AccessKey known to the emulator, with its principal, expiry and permissions.
struct AccessKey: Sendable, Hashable {
    /// The identity that uses the key.
    enum Principal: Sendable, Hashable {
        case user(name: String)
        case role(name: String, session: String)
    }

    let credential: AlibabaCredential
    let principal: Principal
    let policies: [AccessPolicy]

    /// The policy that further restricts the permissions of the assumed role; `nil` for none.
    var sessionPolicy: AccessPolicy?

    var isActive = true

    /// The expiry of a temporary key; `nil` for a permanent key.
    var expiration: Date?

    /// Returns whether a temporary key has expired.
    func isExpired(at now: Date) -> Bool { self.expiration.map { $0 <= now } ?? false }

    /// Returns whether the key permits an action such as `dysms:SendMessageToGlobe`.
    func allows(_ action: String) -> Bool {
        !self.denies(action) && self.policies.contains { $0.allows(action) }
            && self.sessionPolicy?.allows(action) != false
    }

    /// Returns whether a policy of the key denies an action explicitly.
    func denies(_ action: String) -> Bool {
        self.policies.contains { $0.denies(action) } || self.sessionPolicy?.denies(action) == true
    }
}

extension AccessKey {
    /// Creates the key of a user.
    init(_ user: RAMUser) {
        self.init(
            credential: user.credential,
            principal: .user(name: user.name),
            policies: user.policies,
            isActive: user.isActive
        )
    }
}
