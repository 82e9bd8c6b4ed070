// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import Testing

@testable import SendGuard

/// Tests of explanations, which contain the state of every rule for one number.
@Suite struct ExplainTests {
    private static func state(_ states: [RuleState], _ name: String) throws -> RuleState {
        try #require(states.first { $0.rule.description == name }, "\(name)")
    }

    @Test func everyRuleOfTheRequestHasAState() async throws {
        let fixture = try GuardFixture()
        let request = try GuardFixture.request()
        let states = try await fixture.sendGuard.explain(request).states
        let scopes: Set<GuardScope> = [.source, .network, .service, .tenant, .purpose, .homeRegion, .block]
        let expected = GuardFixture.policy.rules
            .filter { scopes.contains($0.name.scope) && $0.mode != .off }
            // A budget without an amount is no rule.
            .filter { $0.name.measure != .money && !($0.name.measure == .messages && $0.name.scope == .homeRegion) }
        #expect(Set(states.map(\.rule)) == Set(expected.map(\.name)))
        #expect(states.allSatisfy { $0.measured == 0 && !$0.isReached && $0.wait == 0 })
    }

    @Test func stateIsThatOfTheNextSend() async throws {
        let fixture = try GuardFixture()
        for number in 0..<39 {
            _ = try await fixture.sendGuard.reserve(GuardFixture.request(number, block: number))
        }
        let request = try GuardFixture.request(50, block: 50)
        var source = try Self.state(try await fixture.sendGuard.explain(request).states, "unverified-source")
        #expect(source.measured == 39 && source.threshold == 40 && !source.isReached)
        _ = try await fixture.sendGuard.reserve(GuardFixture.request(39, block: 39))
        // Explaining counts nothing, however often it is done.
        for _ in 0..<3 {
            let states = try await fixture.sendGuard.explain(request).states
            source = try Self.state(states, "unverified-source")
            #expect(source.measured == 40 && source.isReached && source.wait == 360)
            #expect(try Self.state(states, "messages-service").measured == 40)
        }
        fixture.clock.advance(by: .seconds(100))
        source = try Self.state(try await fixture.sendGuard.explain(request).states, "unverified-source")
        #expect(source.wait == 260)
        let decision = try await fixture.sendGuard.reserve(request)
        #expect(decision.reason?.wait == 260)
        fixture.clock.advance(by: .seconds(260))
        source = try Self.state(try await fixture.sendGuard.explain(request).states, "unverified-source")
        #expect(source.measured == 39 && !source.isReached)
    }

    @Test func lockdownIsAState() async throws {
        let fixture = try GuardFixture()
        try await fixture.sendGuard.lockDown(nil, forSeconds: 500)
        let states = try await fixture.sendGuard.explain(GuardFixture.request()).states
        #expect(try Self.state(states, "lockdown-service").isReached)
        #expect(try Self.state(states, "lockdown-service").wait == 500)
    }

    /// A budget that is almost used up causes an alert, but admits sends.
    @Test func budgetThatIsNearlySpentAdmits() async throws {
        let fixture = try GuardFixture { $0.serviceBudget = .init(messages: 2) }
        _ = try await fixture.sendGuard.reserve(GuardFixture.request(1))
        let request = try GuardFixture.request(2, block: 2)
        #expect(
            try Self.state(try await fixture.sendGuard.explain(request).states, "messages-service").isReached == false
        )
        _ = try await fixture.sendGuard.reserve(request)
        let state = try Self.state(try await fixture.sendGuard.explain(request).states, "messages-service")
        #expect(state.isReached && state.measured == 2 && state.threshold == 2 && state.wait > 0)
    }
}
