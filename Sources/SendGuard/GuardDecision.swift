// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// The decision of a guard on whether a message may be sent.
public struct GuardDecision: Sendable, Hashable, CustomStringConvertible {
    /// The action that the caller must take.
    ///
    /// No cases will be added.
    public enum Outcome: Sendable, Hashable {
        /// The message may be sent.
        case allow
        /// The user must first pass a human check, such as a captcha. The caller then repeats the request with
        /// ``SendSignals/humanCheckPassed``.
        case challenge
        /// The caller responds as if the message had been sent, but sends nothing.
        case shadow
        /// The request must be refused.
        case block
    }

    /// The action that the caller must take.
    public let outcome: Outcome

    /// The random ID of the decision, for logs and audit events.
    public let id: DecisionID

    /// The scopes (``GuardScope``) and the ``SendFacts`` of the send, as the ledger received them.
    public let claim: SendClaim

    /// The finding (the result of one rule) that refused the send; `nil` if the send is allowed.
    ///
    /// If several rules refuse the send, the reason is the strictest finding. If several findings are equally strict, the
    /// reason is the finding with the longest wait.
    public let reason: GuardFinding?

    /// All findings (results of rules).
    ///
    /// Budget alerts and the findings of monitored rules are included, although they do not refuse the send.
    public let findings: [GuardFinding]

    /// The time of the decision according to the ledger's clock.
    public let time: LedgerTime

    /// The reservation of the send; `nil` if the send is not allowed.
    public let reservation: GuardReservation?

    /// Creates a decision from a ledger's reply.
    ///
    /// - Parameters:
    ///   - reply: The reply.
    ///   - claim: The scopes (``GuardScope``) and the ``SendFacts`` of the send, as the ledger received them.
    ///   - id: The ID of the decision.
    public init(_ reply: LedgerReply, of claim: SendClaim, id: DecisionID = DecisionID()) {
        let reason = reply.findings.filter(\.effect.refuses).max { ($0.effect, $0.wait) < ($1.effect, $1.wait) }
        self.outcome =
            switch reason?.effect {
            case nil, .alert, .monitor: .allow
            case .challenge: .challenge
            case .shadow: .shadow
            case .block: .block
            }
        self.id = id
        self.claim = claim
        self.reason = reason
        self.findings = reply.findings
        self.time = reply.time
        self.reservation = reason == nil ? GuardReservation(claim: claim, time: reply.time) : nil
    }

    /// The time at which the refusing rule would admit the send; `nil` if the send is allowed.
    ///
    /// The time assumes that no other events occur.
    public var freesAt: LedgerTime? { self.reason.map { self.time + $0.wait } }

    /// Returns the name of the scope (``GuardScope``) that a rule measured: a keyed hash as base64url.
    ///
    /// The Redis key of the scope's record contains this name.
    ///
    /// - Parameter rule: The rule.
    /// - Returns: The name; `nil` if the send has no scope of the rule's kind.
    public func scopeName(of rule: GuardRule.Name) -> String? {
        let scopes = self.claim.origin + self.claim.shared
        return scopes.first { $0.limits.scope == rule.scope }.map { Base64URL.encode($0.name.bytes) }
    }

    /// A text with the outcome, and the reason if there is one.
    public var description: String { "\(self.outcome)\(self.reason.map { " (\($0))" } ?? "")" }
}
