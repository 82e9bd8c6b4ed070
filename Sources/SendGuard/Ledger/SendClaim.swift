// SPDX-License-Identifier: Apache-2.0

/// The scopes of a send, in two groups that a ledger may store on different servers.
///
/// A ledger decides about each group in one atomic step. Sources are numerous, and an attack can use many of them, so a ledger
/// can distribute them over several servers. A group can be empty.
public struct SendClaim: Sendable, Hashable {
    /// The network and the source, in this order.
    public var origin: [ScopeClaim]

    /// The service, the tenant, the region, the block and the purpose, in this order.
    public var shared: [ScopeClaim]

    /// The properties of the send on which the decision depends.
    public var facts: SendFacts

    /// The version of the ``GuardModes`` from which the rules of the scopes were created.
    ///
    /// The ledger returns the modes if they have another version.
    public var modesVersion = 0

    /// The digits of the number without the last five, for the report.
    package var reportedBlock = ""

    /// Creates a claim.
    ///
    /// - Parameters:
    ///   - origin: The network and the source, in this order.
    ///   - shared: The service, the tenant, the region, the block and the purpose, in this order.
    ///   - facts: The properties of the send on which the decision depends.
    public init(origin: [ScopeClaim], shared: [ScopeClaim], facts: SendFacts) {
        self.origin = origin
        self.shared = shared
        self.facts = facts
    }
}
