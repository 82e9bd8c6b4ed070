// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS

/// A user of Alibaba's Resource Access Management (RAM), with an AccessKey.
public struct RAMUser: Sendable, Hashable {
    /// The name of the user.
    public var name: String

    /// The AccessKey of the user.
    public var credential: AlibabaCredential

    /// The policies of the user.
    ///
    /// An action is permitted if a policy allows it and no policy denies it.
    public var policies: [AccessPolicy]

    /// Whether the AccessKey is active.
    public var isActive: Bool

    /// Creates a user.
    ///
    /// - Parameters:
    ///   - name: The name of the user.
    ///   - credential: The AccessKey of the user.
    ///   - policies: The policies of the user.
    ///   - isActive: Whether the AccessKey is active.
    public init(name: String, credential: AlibabaCredential, policies: [AccessPolicy], isActive: Bool = true) {
        self.name = name
        self.credential = credential
        self.policies = policies
        self.isActive = isActive
    }
}
