// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import OTPTesting
import SMSKit
import Testing

@testable import SendGuard

/// Tests of the modes that operators set at run time.
@Suite struct RunTimeModeTests {
    private static let rule = GuardRule.Name(.unverified, .source)

    /// Returns two guards with the same ledger, like the guards of two processes.
    private static func pair() throws -> (first: SMSGuard, second: SMSGuard, clock: ManualClock) {
        let clock = ManualClock()
        let ledger = InMemorySendLedger(clock: clock)
        let create = {
            try SMSGuard(policy: GuardFixture.policy, ledger: ledger, hash: .forSimulations, reportInterval: nil)
        }
        return (try create(), try create(), clock)
    }

    @Test func anotherProcessAppliesAModeFromItsSecondDecision() async throws {
        let (first, second, _) = try Self.pair()
        for number in 0..<40 {
            #expect(try await second.reserve(GuardFixture.request(number, block: number)).outcome == .allow)
        }
        #expect(try await second.reserve(GuardFixture.request(40, block: 40)).outcome == .block)
        try await first.setMode(.monitor, of: Self.rule)
        #expect(try await second.reserve(GuardFixture.request(41, block: 41)).outcome == .block)
        let decision = try await second.reserve(GuardFixture.request(42, block: 42))
        #expect(decision.outcome == .allow)
        #expect(decision.findings.map(\.effect) == [.monitor])
        #expect(second.policy[Self.rule]?.mode == .monitor)
        #expect(second.configuredPolicy[Self.rule]?.mode == .challenge)
    }

    @Test func processThatSetsAModeAppliesItAtOnce() async throws {
        let (first, _, _) = try Self.pair()
        for number in 0..<41 { _ = try await first.reserve(GuardFixture.request(number, block: number)) }
        try await first.setMode(.shadow, of: Self.rule)
        #expect(try await first.reserve(GuardFixture.request(50, block: 50)).outcome == .shadow)
        try await first.setMode(nil, of: Self.rule)
        #expect(try await first.reserve(GuardFixture.request(51, block: 51)).outcome == .block)
    }

    @Test func modeOfThePolicyReturnsWhenTheChangeEnds() async throws {
        let (first, second, _) = try Self.pair()
        try await first.setMode(.off, of: Self.rule)
        try await first.setMode(.shadow, of: GuardRule.Name(.growth, .block))
        _ = try await second.reserve(GuardFixture.request(1))
        #expect(second.policy[Self.rule]?.mode == .off)
        let modes = try await first.setMode(nil, of: Self.rule)
        #expect(modes.overrides == [GuardRule.Name(.growth, .block): .shadow])
        _ = try await second.reserve(GuardFixture.request(2))
        #expect(second.policy[Self.rule]?.mode == .challenge)
        #expect(second.policy[GuardRule.Name(.growth, .block)]?.mode == .shadow)
    }

    @Test func modesAreForgottenAYearAfterTheLastChange() async throws {
        let (first, second, clock) = try Self.pair()
        try await first.setMode(.off, of: Self.rule)
        _ = try await second.reserve(GuardFixture.request(1))
        clock.advance(by: .seconds(365 * 86_400))
        #expect(try await second.refreshModes().overrides[Self.rule] == .off)
        clock.advance(by: .seconds(1))
        _ = try await second.reserve(GuardFixture.request(2))
        #expect(second.policy[Self.rule]?.mode == .challenge)
    }

    @Test func versionIsNeverUsedTwiceAfterALoss() {
        var modes = GuardModes()
        modes.set(.off, of: Self.rule, at: LedgerTime(seconds: 1_000))
        modes.set(.block, of: Self.rule, at: LedgerTime(seconds: 1_000))
        #expect(modes.version == 1_001)
        var afterLoss = GuardModes()
        afterLoss.set(.off, of: Self.rule, at: LedgerTime(seconds: 1_002))
        #expect(afterLoss.version > modes.version)
    }

    @Test func ruleThatThePolicyDoesNotHaveIsAnError() async throws {
        let (first, _, _) = try Self.pair()
        await #expect(throws: GuardConfigurationError.self) {
            try await first.setMode(.off, of: GuardRule.Name(.destinations, .service))
        }
    }

    @Test func statusShowsModesLockdownsBreakersAndBudgets() async throws {
        let fixture = try GuardFixture { $0.regionBudgets[.singapore] = .init(messages: 200) }
        let sendGuard = fixture.sendGuard
        for number in 0..<15 {
            _ = try await sendGuard.reserve(GuardFixture.request(number, from: GuardFixture.address(number)))
        }
        let refused = try await sendGuard.reserve(GuardFixture.request(99, from: "192.0.2.99"))
        #expect(refused.reason?.rule == GuardRule.Name(.unverified, .block))
        await sendGuard.flushReport()
        try await sendGuard.setMode(.monitor, of: GuardRule.Name(.growth, .block))
        try await sendGuard.lockDown(.singapore, forSeconds: 60)
        let status = try await sendGuard.status(tenants: ["acme"], purposes: ["registration"])
        let rule = try #require(status.rules.first { $0.name == GuardRule.Name(.growth, .block) })
        #expect(rule.policyMode == .block)
        #expect(rule.runTimeMode == .monitor)
        #expect(rule.mode == .monitor)
        let region = try #require(status.scopes.first { $0.name == "SG" })
        #expect(region.kind == .homeRegion)
        let budget = try #require(region.states.first { $0.rule.measure == .messages })
        #expect((budget.measured, budget.threshold, budget.isReached) == (15, 200, false))
        let lockdown = try #require(region.states.first { $0.rule.measure == .lockdown })
        #expect((lockdown.isReached, lockdown.wait) == (true, 60))
        let block = try #require(status.scopes.first { $0.kind == .block })
        #expect(block.name == "+659000****")
        let breaker = try #require(block.states.first { $0.rule.measure == .unverified })
        #expect((breaker.measured, breaker.threshold, breaker.isReached) == (15, 15, true))
        #expect(breaker.wait == refused.reason?.wait)
        #expect(Set(status.scopes.map(\.kind)) == [.service, .tenant, .homeRegion, .block])
    }
}
