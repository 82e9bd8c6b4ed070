// SPDX-License-Identifier: Apache-2.0

/// A RAM role, which users and programs assume temporarily.
public struct RAMRole: Sendable, Hashable {
    /// The name of the role, which is the last component of its ARN.
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
