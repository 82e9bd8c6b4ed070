// SPDX-License-Identifier: Apache-2.0

/// A role of Alibaba's Resource Access Management (RAM), which users and programs assume temporarily.
public struct RAMRole: Sendable, Hashable {
    /// The name of the role, such as `sms` for the resource name `acs:ram::1234567890123456:role/sms`.
    public var name: String

    /// The policies of the role.
    ///
    /// An action is permitted if a policy allows it and no policy denies it.
    public var policies: [AccessPolicy]

    /// Creates a role.
    ///
    /// - Parameters:
    ///   - name: The name of the role.
    ///   - policies: The policies of the role.
    public init(name: String, policies: [AccessPolicy]) {
        self.name = name
        self.policies = policies
    }
}
