// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import SMSKit

/// The record of one decision of a guard: the outcome, the deciding rule, and the request without secrets.
///
/// The phone number is masked, and the address of the client is reduced to its network.
public struct DecisionRecord: Sendable, Hashable {
    /// The ID of the decision.
    public var id: DecisionID

    /// The time of the decision according to the ledger's clock.
    public var time: Date

    /// The action that the caller must take.
    public var outcome: GuardDecision.Outcome

    /// The finding (the result of one rule) that refused the send; `nil` if the send is allowed.
    public var reason: GuardFinding?

    /// The name of the scope (``GuardScope``) whose rule refused the send; `nil` if the send is allowed.
    ///
    /// The name is a keyed hash as base64url. The Redis key of the scope's record contains this name.
    public var scope: String?

    /// The name of the tenant.
    public var tenant: String

    /// The name of the purpose.
    public var purpose: String

    /// The region of the number; `nil` if the numbering plan assigns no region.
    public var region: Region?

    /// The masked phone number.
    public var number: String

    /// The network of the client, such as `192.0.2.0/24`; `nil` if the address of the client is missing.
    public var network: String?

    /// Creates the record of a decision.
    ///
    /// - Parameters:
    ///   - decision: The decision.
    ///   - request: The request.
    public init(_ decision: GuardDecision, of request: SendRequest) {
        self.id = decision.id
        self.time = Date(timeIntervalSince1970: Double(decision.time.seconds))
        self.outcome = decision.outcome
        self.reason = decision.reason
        self.scope = decision.reason.flatMap { decision.scopeName(of: $0.rule) }
        self.tenant = request.tenant
        self.purpose = request.purpose
        self.region = request.number.region
        self.number = request.number.description
        self.network = request.source?.description
    }

    /// Reads the record from an event of the kind ``AuditEvent/Kind/decision``; `nil` for other events.
    ///
    /// - Parameter event: The event.
    public init?(_ event: AuditEvent) {
        guard event.kind == .decision, let id = event[.decision].flatMap({ DecisionID($0) }),
            let outcome = GuardDecision.Outcome(name: event[.outcome]), let tenant = event[.tenant],
            let purpose = event[.purpose], let number = event[.number]
        else { return nil }
        self.id = id
        self.time = event.time
        self.outcome = outcome
        self.reason = GuardFinding(event)
        self.scope = event[.scope]
        self.tenant = tenant
        self.purpose = purpose
        self.region = event[.region].flatMap { Region($0) }
        self.number = number
        self.network = event[.network]
    }

    /// The record as an event.
    public var event: AuditEvent {
        var event = AuditEvent(.decision, at: self.time)
        event[.decision] = self.id.description
        event[.outcome] = self.outcome.name
        event[.tenant] = self.tenant
        event[.purpose] = self.purpose
        event[.region] = self.region?.code
        event[.number] = self.number
        event[.network] = self.network
        event[.scope] = self.scope
        if let reason = self.reason { event.set(reason) }
        return event
    }
}

extension GuardDecision.Outcome {
    private static let all: [Self] = [.allow, .challenge, .shadow, .block]

    /// The name of the outcome, such as `block`.
    var name: String { "\(self)" }

    init?(name: String?) {
        guard let outcome = Self.all.first(where: { $0.name == name }) else { return nil }
        self = outcome
    }
}
