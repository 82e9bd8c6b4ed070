// SPDX-License-Identifier: Apache-2.0

/// The scopes (``GuardScope``) of a send, in two groups: `origin` and `shared`.
///
/// A ledger processes each group in one atomic step, and may store the two groups on different servers. A group can be empty.
public struct SendClaim: Sendable, Hashable {
    /// The scopes of the client: the network and the source, in this order.
    public var origin: [ScopeClaim]

    /// The scopes that are not in ``origin``: the service, the tenant, the region, the number block and the purpose, in this
    /// order.
    public var shared: [ScopeClaim]

    /// The properties of the send that affect the decision.
    public var facts: SendFacts

    /// The version of the ``GuardModes`` that the caller has applied to the rules of the scopes.
    ///
    /// If the ledger has another version, the reply contains the ledger's modes.
    public var modesVersion = 0

    /// The digits of the phone number without the last five digits, for the daily report (``ReportDay``).
    package var reportedBlock = ""

    /// Creates a claim.
    ///
    /// - Parameters:
    ///   - origin: The network and the source, in this order.
    ///   - shared: The service, the tenant, the region, the number block and the purpose, in this order.
    ///   - facts: The properties of the send that affect the decision.
    public init(origin: [ScopeClaim], shared: [ScopeClaim], facts: SendFacts) {
        self.origin = origin
        self.shared = shared
        self.facts = facts
    }
}
