// SPDX-License-Identifier: Apache-2.0

/// The decision of a guard about a send.
public struct GuardDecision: Sendable, Hashable, CustomStringConvertible {
    /// What the caller does.
    ///
    /// The enumeration is closed: a caller must treat every outcome.
    public enum Outcome: Sendable, Hashable {
        /// Send the message.
        case allow
        /// Ask for a human check, and request again with ``SendSignals/humanCheckPassed``.
        case challenge
        /// Answer as if the message had been sent, and send nothing.
        case shadow
        /// Refuse.
        case block
    }

    /// What the caller does.
    public let outcome: Outcome

    /// The finding that decided: the strictest, and among equals the one that frees last; `nil` if the send is allowed.
    public let reason: GuardFinding?

    /// Everything that the rules found, monitored rules and budget alerts included.
    public let findings: [GuardFinding]

    /// The ledger's time.
    public let time: LedgerTime

    /// The count of the send, present only if the send is allowed.
    public let reservation: GuardReservation?

    /// Creates a decision from a ledger's reply.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - claim: The claim that the ledger decided about.
    public init(_ reply: LedgerReply, of claim: SendClaim) {
        let reason = reply.findings.filter(\.effect.refuses).max { ($0.effect, $0.wait) < ($1.effect, $1.wait) }
        self.outcome =
            switch reason?.effect {
            case nil, .alert, .monitor: .allow
            case .challenge: .challenge
            case .shadow: .shadow
            case .block: .block
            }
        self.reason = reason
        self.findings = reply.findings
        self.time = reply.time
        self.reservation = reason == nil ? GuardReservation(claim: claim, time: reply.time) : nil
    }

    /// The time at which the rule that decided frees, if nothing else happens; `nil` if the send is allowed.
    public var freesAt: LedgerTime? { self.reason.map { self.time + $0.wait } }

    /// The outcome and its reason.
    public var description: String { "\(self.outcome)\(self.reason.map { " (\($0))" } ?? "")" }
}
