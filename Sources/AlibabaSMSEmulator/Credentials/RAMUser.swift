public import AlibabaSMS

/// A RAM user with an AccessKey.
public struct RAMUser: Sendable, Hashable {
    /// The name.
    public var name: String

    /// The AccessKey.
    public var credential: AlibabaCredential

    /// What the user may do: whatever one of them allows and none denies.
    public var policies: [AccessPolicy]

    /// Whether the AccessKey may be used.
    public var isActive: Bool

    /// Creates a user.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - credential: The AccessKey.
    ///   - policies: What the user may do.
    ///   - isActive: Whether the AccessKey may be used.
    public init(name: String, credential: AlibabaCredential, policies: [AccessPolicy], isActive: Bool = true) {
        self.name = name
        self.credential = credential
        self.policies = policies
        self.isActive = isActive
    }
}
