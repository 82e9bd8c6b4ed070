// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import Testing

@testable import SendGuard

/// Tests of the records of decisions, and of their audit events.
@Suite struct AuditTests {
    @Test func decisionsHaveDifferentNamesThatCanBeReadAgain() async throws {
        let fixture = try GuardFixture()
        var names: Set<DecisionID> = []
        for number in 0..<100 {
            names.insert(try await fixture.sendGuard.reserve(GuardFixture.request(number, block: number)).id)
        }
        #expect(names.count == 100)
        for name in names {
            #expect(name.description.count == 22)
            #expect(DecisionID(name.description) == name)
            #expect(try JSONDecoder().decode(DecisionID.self, from: JSONEncoder().encode(name)) == name)
        }
    }

    @Test(arguments: [
        "", "x", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA=", "+6591234567",
    ])
    func otherTextNamesNoDecision(_ text: String) {
        #expect(DecisionID(text) == nil)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode([DecisionID].self, from: Data("[\"\(text)\"]".utf8))
        }
    }

    @Test func recordNamesTheRuleAndTheScopeThatDecided() async throws {
        let fixture = try GuardFixture()
        let (_, refusal) = try await fixture.fill { try GuardFixture.request($0, block: $0) }
        let decision = try #require(refusal)
        let request = try GuardFixture.request(40, block: 40)
        let record = DecisionRecord(decision, of: request)
        #expect(record.outcome == .block)
        #expect(record.reason?.rule == GuardRule.Name(.unverified, .source))
        #expect(record.reason?.measured == 40 && record.reason?.threshold == 40)
        let source = try #require(decision.claim.origin.last)
        #expect(record.scope == decision.scopeName(of: GuardRule.Name(.unverified, .source)))
        #expect(record.scope?.count == 16 && source.name.bytes.count == 12)
        #expect(record.tenant == "acme" && record.purpose == "registration" && record.region == .singapore)
        #expect(record.number == request.number.description && record.network == "192.0.2.0/24")
    }

    @Test func eventOfADecisionIsReadAgain() async throws {
        let fixture = try GuardFixture()
        let request = try GuardFixture.request(1, from: nil)
        let allowed = DecisionRecord(try await fixture.sendGuard.reserve(request), of: request)
        #expect(DecisionRecord(allowed.event) == allowed)
        let (_, refusal) = try await fixture.fill { try GuardFixture.request($0, block: $0) }
        let refused = DecisionRecord(try #require(refusal), of: try GuardFixture.request(41, block: 41))
        #expect(DecisionRecord(refused.event) == refused)
        #expect(DecisionRecord(AuditEvent(.issue, at: refused.time, refused.event.fields)) == nil)
        var broken = refused.event
        broken[.outcome] = "other"
        #expect(DecisionRecord(broken) == nil)
    }

    @Test func recordHoldsNeitherTheNumberNorTheAddress() async throws {
        let fixture = try GuardFixture()
        let request = try GuardFixture.request(1_234, from: "192.0.2.77")
        let event = DecisionRecord(try await fixture.sendGuard.reserve(request), of: request).event
        for text in [event.description, "\(event)", String(describing: event.fields)] {
            #expect(!text.contains(request.number.e164.dropFirst()) && !text.contains("192.0.2.77"))
        }
    }
}
