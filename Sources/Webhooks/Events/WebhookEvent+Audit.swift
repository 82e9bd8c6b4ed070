// SPDX-License-Identifier: Apache-2.0

import JSONOutput
package import SendGuard

extension WebhookEvent {
    /// The outcomes of the audit event `verify` that are failed attempts by a user.
    ///
    /// Other errors of `verify`, such as an unavailable store, cause no webhook. A locked number has its own audit event,
    /// `lock`.
    private static let failures: Set = ["incorrectCode", "expired", "attemptsExhausted"]

    /// Creates a webhook event from an audit event; returns `nil` if no type in ``Kind`` corresponds to the audit event.
    package init?(_ event: AuditEvent) {
        guard let kind = Self.kind(of: event) else { return nil }
        self.kind = kind
        self.time = event.time
        self.data = Member.allCases.compactMap { member in
            Self.value(of: member, in: event, kind).map { (member, $0) }
        }
    }

    private static func kind(of event: AuditEvent) -> Kind? {
        let outcome = event[.outcome] ?? ""
        return switch event.kind {
        case .issue: outcome == "ok" ? .issued : nil
        case .verify: outcome == "ok" ? .verified : Self.failures.contains(outcome) ? .failed : nil
        case .lock: .locked
        case .send: outcome == "rejected" ? .rejected : .sent
        case .delivery: outcome == "delivered" ? .delivered : .undelivered
        default: nil
        }
    }

    private static func value(of member: Member, in event: AuditEvent, _ kind: Kind) -> JSONText? {
        let text: String? =
            switch member {
            case .challengeID: event[.challenge]
            case .tenant: event[.tenant]
            case .purpose: event[.purpose]
            case .number: event[.number]
            case .region: event[.region]
            case .messageID: event[.message]
            case .outcome: [.issued, .verified, .rejected, .delivered].contains(kind) ? nil : event[.outcome]
            case .reason: event[.reason]
            case .retryAfter: nil
            }
        guard member == .retryAfter else { return text.map { .string($0) } }
        return event[.wait].flatMap { Int($0) }.map { .int($0) }
    }
}
