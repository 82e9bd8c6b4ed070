// SPDX-License-Identifier: Apache-2.0

/// The decision of a ledger about a send.
public struct LedgerReply: Sendable, Hashable {
    /// The ledger's time.
    public var time: LedgerTime

    /// The findings of the rules, ordered by scope and measure.
    ///
    /// The findings of ``SendClaim/origin`` come first.
    public var findings: [GuardFinding]

    /// The run-time modes; `nil` if the version in the claim (``SendClaim/modesVersion``) is current.
    public var modes: GuardModes?

    /// Creates a reply.
    ///
    /// - Parameters:
    ///   - time: The ledger's time.
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
