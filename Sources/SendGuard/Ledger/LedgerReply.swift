// SPDX-License-Identifier: Apache-2.0

/// The reply of a ``SendLedger`` to a send, with the findings of the rules.
public struct LedgerReply: Sendable, Hashable {
    /// The time of the decision according to the ledger's clock.
    public var time: LedgerTime

    /// The findings of the rules, ordered by scope and measure.
    ///
    /// The findings for the scopes in ``SendClaim/origin`` precede those for the scopes in ``SendClaim/shared``.
    public var findings: [GuardFinding]

    /// The modes that operators have set at run time; `nil` if the version in the claim (``SendClaim/modesVersion``) is
    /// current.
    public var modes: GuardModes?

    /// Creates a reply.
    ///
    /// - Parameters:
    ///   - time: The time of the decision according to the ledger's clock.
    ///   - findings: The findings of the rules.
    ///   - modes: The run-time modes; `nil` if the version in the claim is current.
    public init(time: LedgerTime, findings: [GuardFinding], modes: GuardModes? = nil) {
        self.time = time
        self.findings = findings
        self.modes = modes
    }

    /// Whether the ledger admitted the send and counted it in every scope.
    ///
    /// No scope counts a refused send.
    public var isAdmitted: Bool { !self.findings.contains { $0.effect.refuses } }
}
