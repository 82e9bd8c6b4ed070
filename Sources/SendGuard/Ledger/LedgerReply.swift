// SPDX-License-Identifier: Apache-2.0

/// The decision of a ledger about a send.
public struct LedgerReply: Sendable, Hashable {
    /// The ledger's time.
    public var time: LedgerTime

    /// What the rules found, the origin first, in the order of the scopes and the measures.
    public var findings: [GuardFinding]

    /// Creates a reply.
    ///
    /// - Parameters:
    ///   - time: The ledger's time.
    ///   - findings: What the rules found.
    public init(time: LedgerTime, findings: [GuardFinding]) {
        self.time = time
        self.findings = findings
    }

    /// Whether the ledger counted the send in every scope; if not, it counted the send in no scope.
    public var isAdmitted: Bool { !self.findings.contains { $0.effect.refuses } }
}
