// SPDX-License-Identifier: Apache-2.0

import Foundation
import SendGuard
import StrictJSON
import Testing

@testable import Webhooks

/// Tests of the events and of their documentation.
@Suite struct WebhookEventTests {
    private static let time = Date(timeIntervalSince1970: 1_700_000_000)

    private static let fields: [AuditEvent.Field: String] = [
        .tenant: "shop", .purpose: "sign-in", .number: "+65****67", .region: "SG", .index: "blind-index",
        .challenge: "AAECAwQFBgcICQoLDA0ODw", .network: "192.0.2.0/24", .operatorName: "alice", .decision: "decision",
    ]

    private static func event(_ kind: AuditEvent.Kind, _ fields: [AuditEvent.Field: String]) -> WebhookEvent? {
        WebhookEvent(AuditEvent(kind, at: Self.time, Self.fields.merging(fields) { $1 }))
    }

    @Test(arguments: [
        (AuditEvent.Kind.issue, "ok", WebhookEvent.Kind.issued), (.verify, "ok", .verified),
        (.verify, "incorrectCode", .failed), (.verify, "expired", .failed), (.verify, "attemptsExhausted", .failed),
        (.lock, "locked", .locked), (.lock, "disabled", .locked), (.send, "accepted", .sent), (.send, "unknown", .sent),
        (.send, "rejected", .rejected), (.delivery, "delivered", .delivered), (.delivery, "failed", .undelivered),
        (.delivery, "expired", .undelivered), (.delivery, "other", .undelivered),
    ])
    func auditEventIsReported(kind: AuditEvent.Kind, outcome: String, expected: WebhookEvent.Kind) throws {
        #expect(Self.event(kind, [.outcome: outcome])?.kind == expected)
    }

    @Test(arguments: [
        (AuditEvent.Kind.issue, "rateLimited"), (.verify, "locked"), (.verify, "disabled"),
        (.verify, "storeUnavailable"), (.verify, "cancelled"), (.verify, "malformedCode"), (.redeem, "ok"),
        (.unlock, ""), (.revoke, ""), (.decision, "allow"), (.breaker, "opened"), (.budget, ""), (.lockdown, "on"),
        (.mode, "off"), (.keys, ""),
    ])
    func otherAuditEventIsNotReported(kind: AuditEvent.Kind, outcome: String) {
        #expect(Self.event(kind, [.outcome: outcome]) == nil)
    }

    @Test func bodyContainsOnlyTheDocumentedMembers() throws {
        let event = try #require(
            Self.event(.lock, [.outcome: "locked", .reason: "failures", .wait: "60", .message: "m1"])
        )
        #expect(
            String(decoding: event.body, as: UTF8.self)
                == #"{"type":"otp.verification.locked","timestamp":"2023-11-14T22:13:20.000Z","#
                + #""data":{"challengeID":"AAECAwQFBgcICQoLDA0ODw","tenant":"shop","purpose":"sign-in","#
                + #""number":"+65****67","region":"SG","messageID":"m1","outcome":"locked","reason":"failures","#
                + #""retryAfter":60}}"#
        )
        let verified = try #require(Self.event(.verify, [.outcome: "ok"]))
        let json = try JSON(parsing: verified.body, rules: .ownFormat)
        #expect(
            json["data"]?.object.map { Set($0.keys) } == ["challengeID", "tenant", "purpose", "number", "region"]
        )
    }

    @Test func documentationListsTheTypesAndMembers() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Docs/Webhooks.md").standardizedFileURL
        let page = try String(contentsOf: path, encoding: .utf8)
        let cells = page.matches(of: /(?m)^\| `([A-Za-z.]+)` \|/).map { String($0.1) }
        let members = WebhookEvent.Member.allCases.map(\.rawValue)
        #expect(cells.filter { $0.hasPrefix("otp.") } == WebhookEvent.Kind.allCases.map(\.rawValue))
        #expect(cells.filter { members.contains($0) } == members)
        #expect(page.contains("\(WebhookSender.maximumAttempts) times"))
    }
}
