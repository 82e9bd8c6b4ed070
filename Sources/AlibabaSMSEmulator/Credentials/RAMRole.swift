// SPDX-License-Identifier: Apache-2.0

/// A RAM role, which users and programs assume temporarily.
public struct RAMRole: Sendable, Hashable {
    /// The name, the last component of the role's ARN.
    public var name: String

    /// The policies of the role: an action needs a policy that allows it, and no policy may deny it.
    public var policies: [AccessPolicy]

    /// Creates a role.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - policies: The policies of the role.
    public init(name: String, policies: [AccessPolicy]) {
        self.name = name
        self.policies = policies
    }
}
