/// A RAM role, which users and programs assume for a while.
public struct RAMRole: Sendable, Hashable {
    /// The name: the last part of the role's ARN.
    public var name: String

    /// What whoever has assumed it may do: whatever one of them allows and none denies.
    public var policies: [AccessPolicy]

    /// Creates a role.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - policies: What whoever has assumed it may do.
    public init(name: String, policies: [AccessPolicy]) {
        self.name = name
        self.policies = policies
    }
}
