// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import SendGuard
import TextFormats

/// Creates the audit events of a service.
final class CallAudit: Sendable {
    private let trail: AuditTrail
    private let tenant: String
    private let keys: KeyRing
    private let breakers = BreakerWatch()

    init(_ trail: AuditTrail, tenant: String, keys: KeyRing) {
        self.trail = trail
        self.tenant = tenant
        self.keys = keys
    }

    /// Records the creation of a service, and the names of its keys.
    func recordKeys() {
        self.trail.record(AuditEvent(.keys, at: self.trail.now(), [.tenant: self.tenant, .reason: "\(self.keys)"]))
    }

    /// Records the outcome of a call.
    ///
    /// If the call failed because the number is locked or disabled, an additional event of the kind `lock` is recorded.
    ///
    /// - Parameters:
    ///   - kind: The kind of the call.
    ///   - binding: The number, the purpose and the challenge.
    ///   - client: The facts about the client.
    ///   - error: The error of the call; `nil` if the call succeeded.
    func record(_ kind: AuditEvent.Kind, _ binding: CodeBinding, _ client: ClientInfo, _ error: OTPError?) {
        var event = self.event(kind, binding)
        event[.network] = client.source?.description
        event[.outcome] = error?.code.description ?? "ok"
        event[.reason] = error?.limit?.name.description
        event[.wait] = error?.retryAfterSeconds.map(String.init)
        self.trail.record(event)
        guard let code = error?.code, code == .locked || code == .disabled else { return }
        self.trail.record(AuditEvent(.lock, at: event.time, event.fields))
    }

    /// Records the outcome of sending a message.
    func record(_ delivery: Challenge.Delivery?, _ error: SMSError?, _ binding: CodeBinding) {
        var event = self.event(.send, binding)
        event[.outcome] = delivery?.description ?? "rejected"
        event[.reason] = error?.kind.description
        event[.message] = delivery?.messageID
        self.trail.record(event)
    }

    /// Records the outcome of the redemption of a proof.
    func recordRedemption(_ number: PhoneNumber, _ purpose: OTPPurpose, _ error: OTPError?) {
        var event = self.event(.redeem, number)
        event[.purpose] = purpose.rawValue
        event[.outcome] = error?.code.description ?? "ok"
        self.trail.record(event)
    }

    /// Records an action on a phone number, such as an unlock by an operator.
    func record(
        _ kind: AuditEvent.Kind,
        _ number: PhoneNumber,
        _ token: ChallengeToken?,
        by operatorName: String?,
        reason: String? = nil
    ) {
        var event = self.event(kind, number)
        event[.reason] = reason
        event[.challenge] = token?.challengeID
        event[.operatorName] = operatorName
        self.trail.record(event)
    }

    /// Records a decision of the guard, budget alerts, and circuit breakers that started or stopped refusing sends.
    func record(_ decision: GuardDecision, of request: SendRequest) {
        let record = DecisionRecord(decision, of: request)
        self.trail.record(record.event)
        for finding in decision.findings where finding.effect == .alert {
            self.record(.budget, record, decision, finding)
        }
        for change in self.breakers.changes(decision) {
            self.record(.breaker, record, decision, change.finding, outcome: change.isOpen ? "opened" : "closed")
        }
    }

    private func record(
        _ kind: AuditEvent.Kind,
        _ record: DecisionRecord,
        _ decision: GuardDecision,
        _ finding: GuardFinding,
        outcome: String? = nil
    ) {
        var event = AuditEvent(kind, at: record.time, [.tenant: record.tenant, .decision: record.id.description])
        event[.region] = record.region?.code
        event[.outcome] = outcome
        event[.scope] = decision.scopeName(of: finding.rule)
        event.set(finding)
        self.trail.record(event)
    }

    private func event(_ kind: AuditEvent.Kind, _ binding: CodeBinding) -> AuditEvent {
        var event = self.event(kind, binding.number)
        event[.purpose] = binding.purpose.rawValue
        event[.challenge] = binding.challenge.challengeID
        return event
    }

    private func event(_ kind: AuditEvent.Kind, _ number: PhoneNumber) -> AuditEvent {
        var event = AuditEvent(kind, at: self.trail.now(), [.tenant: self.tenant])
        event.set(number: number)
        event[.index] = Base64URL.encode(self.keys.indexes(of: number).current.bytes)
        return event
    }
}
