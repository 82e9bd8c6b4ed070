// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS

/// A RAM user with an AccessKey.
public struct RAMUser: Sendable, Hashable {
    /// The name.
    public var name: String

    /// The AccessKey.
    public var credential: AlibabaCredential

    /// The policies of the user: an action needs a policy that allows it, and no policy may deny it.
    public var policies: [AccessPolicy]

    /// Whether the AccessKey is active.
    public var isActive: Bool

    /// Creates a user.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - credential: The AccessKey.
    ///   - policies: The policies of the user.
    ///   - isActive: Whether the AccessKey is active.
    public init(name: String, credential: AlibabaCredential, policies: [AccessPolicy], isActive: Bool = true) {
        self.name = name
        self.credential = credential
        self.policies = policies
        self.isActive = isActive
    }
}
