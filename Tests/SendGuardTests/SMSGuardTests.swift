// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import Testing

@testable import SendGuard

/// Tests of the decisions of a guard with all its rules.
@Suite struct SMSGuardTests {
    @Test func sourceIsRefusedAfterFortyUnverifiedSends() async throws {
        let fixture = try GuardFixture()
        let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0, block: $0) }
        #expect(admitted == 40)
        #expect(refusal?.outcome == .block)
        #expect(refusal?.reason?.rule == GuardRule.Name(.unverified, .source))
        #expect(refusal?.reason?.wait == 360)
        fixture.clock.advance(by: .seconds(359))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request(50, block: 50)).outcome == .block)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request(50, block: 50)).outcome == .allow)
    }

    @Test func addressesOfOneNetworkShareItsLimit() async throws {
        let fixture = try GuardFixture()
        let (admitted, refusal) = try await fixture.fill {
            try GuardFixture.request($0, block: $0, from: "192.0.2.\($0 % 200)")
        }
        #expect(admitted == 200)
        #expect(refusal?.reason?.rule == GuardRule.Name(.unverified, .network))
    }

    @Test func addressesOfOneIPv6NetworkShareALimit() async throws {
        let fixture = try GuardFixture()
        let (admitted, _) = try await fixture.fill {
            try GuardFixture.request($0, block: $0, from: "2001:db8:0:1::\(String($0, radix: 16))")
        }
        #expect(admitted == 40)
    }

    @Test func mappedAddressSharesTheLimitOfTheIPv4Address() async throws {
        let fixture = try GuardFixture()
        let (admitted, _) = try await fixture.fill {
            try GuardFixture.request($0, block: $0, from: $0 % 2 == 0 ? "192.0.2.1" : "::ffff:192.0.2.1")
        }
        #expect(admitted == 40)
    }

    @Test func missingSourcesShareTheLimitOfOneSource() async throws {
        let fixture = try GuardFixture()
        let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0, block: $0, from: nil) }
        #expect(admitted == 40)
        #expect(refusal?.reason?.rule == GuardRule.Name(.unverified, .source))
    }

    @Test func fourthRegionFromOneSourceIsRefused() async throws {
        let fixture = try GuardFixture()
        func request(_ number: String) throws -> SendRequest {
            var request = try GuardFixture.request()
            request.number = try PhoneNumber(number)
            return request
        }
        for number in ["+37120000001", "+37060000001", "+6591234567", "+37120000002"] {
            #expect(try await fixture.sendGuard.reserve(request(number)).outcome == .allow)
        }
        let decision = try await fixture.sendGuard.reserve(request("+37251234567"))
        #expect(decision.reason?.rule == GuardRule.Name(.destinations, .source))
        try await fixture.sendGuard.record([fixture.sendGuard.outcome(.verified, of: request("+6591234567"))])
        #expect(try await fixture.sendGuard.reserve(request("+37251234567")).outcome == .allow)
    }

    @Test func verifiedSendsAreNotCountedAgainstASource() async throws {
        let fixture = try GuardFixture()
        for number in 0..<500 {
            let request = try GuardFixture.request(number, block: number)
            #expect(try await fixture.sendGuard.reserve(request).outcome == .allow)
            try await fixture.sendGuard.record([fixture.sendGuard.outcome(.verified, of: request)])
        }
    }

    @Test func releasedSendsAreNotCounted() async throws {
        let fixture = try GuardFixture { $0.serviceBudget = .init(messages: 5) }
        for number in 0..<100 {
            let decision = try await fixture.sendGuard.reserve(GuardFixture.request(number))
            try await fixture.sendGuard.release(try #require(decision.reservation))
        }
        let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0) }
        #expect(admitted == 5)
        #expect(refusal?.reason?.rule == GuardRule.Name(.messages, .service))
    }

    @Test func budgetOfMessagesEndsWithTheDay() async throws {
        let fixture = try GuardFixture { $0.tenantBudgets["acme"] = .init(messages: 3) }
        let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0) }
        #expect(admitted == 3)
        let reason = try #require(refusal?.reason)
        #expect(reason.rule == GuardRule.Name(.messages, .tenant))
        fixture.clock.advance(by: .seconds(reason.wait - 1))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request()).outcome == .block)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request()).outcome == .allow)
        // Another tenant has its own budget.
        var other = try GuardFixture.request()
        other.tenant = "other"
        #expect(try await fixture.sendGuard.reserve(other).outcome == .allow)
    }

    @Test func budgetOfMoneyCountsSegmentsAtTheirPrice() async throws {
        let fixture = try GuardFixture {
            $0.serviceBudget = .init(money: 1_000)
            $0.prices[.singapore] = 150
        }
        func request(_ number: Int) throws -> SendRequest {
            var request = try GuardFixture.request(number)
            request.segments = 2
            return request
        }
        let (admitted, refusal) = try await fixture.fill { try request($0) }
        #expect(admitted == 3)
        #expect(refusal?.reason?.rule == GuardRule.Name(.money, .service))
        #expect(refusal?.reason?.measured == 1_200)
        #expect(refusal?.reason?.threshold == 1_000)
        // A smaller message does not fit either, because the sum must never exceed the budget.
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request(9)).outcome == .block)
    }

    @Test func regionWithoutAPriceGetsNothingUnderABudgetOfMoney() async throws {
        let fixture = try GuardFixture {
            $0.serviceBudget = .init(money: 1_000_000)
            $0.prices[.singapore] = 150
        }
        var request = try GuardFixture.request()
        request.number = try PhoneNumber("+37120000001")
        #expect(try await fixture.sendGuard.reserve(request).reason?.rule == GuardRule.Name(.money, .service))
    }

    @Test func alertsAreRaisedAtEachShareOfABudget() async throws {
        let fixture = try GuardFixture { $0.serviceBudget = .init(messages: 10) }
        var alerts: [Int] = []
        for number in 0..<10 {
            let decision = try await fixture.sendGuard.reserve(GuardFixture.request(number))
            #expect(decision.outcome == .allow)
            alerts += decision.findings.filter { $0.effect == .alert }.map(\.measured)
        }
        #expect(alerts == [5, 8, 10])
    }

    @Test func monitoredRuleReportsAndLetsThrough() async throws {
        let fixture = try GuardFixture {
            for index in $0.rules.indices { $0.rules[index].mode = .monitor }
        }
        var monitored: Set<GuardRule.Name> = []
        for number in 0..<600 {
            let decision = try await fixture.sendGuard.reserve(GuardFixture.request(number))
            #expect(decision.outcome == .allow)
            monitored.formUnion(decision.findings.filter { $0.effect == .monitor }.map(\.rule))
        }
        for name in ["unverified-source", "unverified-network", "unverified-block", "growth-block"] {
            #expect(GuardRule.Name(name).map(monitored.contains) == true, "\(name)")
        }
    }

    @Test(arguments: [
        (GuardMode.challenge, GuardDecision.Outcome.block), (.shadow, .shadow), (.block, .block), (.monitor, .allow),
        (.off, .allow),
    ])
    func modeOfARuleDecides(mode: GuardMode, outcome: GuardDecision.Outcome) async throws {
        let name = GuardRule.Name(.unverified, .block)
        let fixture = try GuardFixture { $0[name]?.mode = mode }
        for number in 0..<15 { _ = try await fixture.sendGuard.reserve(GuardFixture.request(number)) }
        let decision = try await fixture.sendGuard.reserve(GuardFixture.request(15))
        #expect(decision.outcome == outcome)
        #expect(decision.findings.contains { $0.rule == name } == (mode != .off))
        #expect((decision.reservation == nil) == (outcome != .allow))
    }

    @Test func humanCheckLiftsAChallengeUpToTheLargerCapacity() async throws {
        let fixture = try GuardFixture { $0.hasHumanCheck = true }
        let (admitted, refusal) = try await fixture.fill {
            try GuardFixture.request($0, from: GuardFixture.address($0))
        }
        #expect(admitted == 15)
        #expect(refusal?.outcome == .challenge)
        let (checked, last) = try await fixture.fill {
            try GuardFixture.request($0, from: GuardFixture.address($0), .humanCheckPassed)
        }
        #expect(checked == 45)
        #expect(last?.outcome == .block)
        #expect(last?.reason?.threshold == 60)
    }

    @Test(arguments: [
        SendSignals.humanCheckPassed, [.humanCheckPassed, .knownDevice], [.humanCheckPassed, .knownNumber],
    ])
    func humanCheckLiftsAGrowthLimitThatChallenges(signals: SendSignals) async throws {
        let growth = GuardRule.Name(.growth, .region)
        for (hasHumanCheck, outcome) in [(true, GuardDecision.Outcome.challenge), (false, .block)] {
            let fixture = try GuardFixture {
                $0.hasHumanCheck = hasHumanCheck
                $0.homeRegions = []
                $0.serviceBudget = .init(messages: 10)
                $0[growth]?.threshold = .growth(floor: 5, factor: 1)
            }
            let unchecked = signals.subtracting(.humanCheckPassed)
            let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0, unchecked) }
            #expect(admitted == 5)
            #expect(refusal?.outcome == outcome && refusal?.reason?.rule == growth)
            // If the policy has no human check, the signal has no effect. Otherwise the budget ends the sends.
            let (checked, last) = try await fixture.fill { try GuardFixture.request($0, signals) }
            #expect(checked == (hasHumanCheck ? 5 : 0))
            #expect(last?.outcome == .block)
            #expect(last?.reason?.rule == (hasHumanCheck ? GuardRule.Name(.messages, .service) : growth))
        }
    }

    @Test func knownDevicesAndKnownNumbersPassBreakersButNotBudgets() async throws {
        for signals in [SendSignals.knownDevice, .knownNumber] {
            let fixture = try GuardFixture { $0.serviceBudget = .init(messages: 120) }
            let (admitted, refusal) = try await fixture.fill { try GuardFixture.request($0, signals) }
            #expect(admitted == 120)
            #expect(refusal?.reason?.rule == GuardRule.Name(.messages, .service))
        }
    }

    @Test func allowListLiftsBreakersUntilItsEnd() async throws {
        let probe = try GuardFixture()
        let now = try await probe.sendGuard.reserve(GuardFixture.request()).time
        for subject in [
            AllowEntry.Subject.addresses(try #require(AddressRange("192.0.2.0/24"))), .numbers(prefix: "659000"),
        ] {
            let fixture = try GuardFixture { $0.allowList = [AllowEntry(subject, until: now + 1_000)] }
            let (admitted, _) = try await fixture.fill(100) { try GuardFixture.request($0) }
            #expect(admitted == 100)
            fixture.clock.advance(by: .seconds(1_010))
            #expect(try await fixture.sendGuard.reserve(GuardFixture.request()).outcome == .block)
        }
    }

    @Test func allowListDoesNotLiftALockdown() async throws {
        let fixture = try GuardFixture {
            $0.allowList = [AllowEntry(.numbers(prefix: "65"), until: LedgerTime(seconds: 4_000_000_000))]
        }
        try await fixture.sendGuard.lockDown(nil, forSeconds: 100)
        let decision = try await fixture.sendGuard.reserve(GuardFixture.request())
        #expect(decision.reason?.rule == GuardRule.Name(.lockdown, .service))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request(1, .knownNumber)).outcome == .allow)
        fixture.clock.advance(by: .seconds(100))
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request()).outcome == .allow)
    }

    @Test func lockdownOfARegionLeavesOtherRegionsOpen() async throws {
        let fixture = try GuardFixture()
        try await fixture.sendGuard.lockDown(Region("LV"), forSeconds: 100)
        #expect(try await fixture.sendGuard.reserve(GuardFixture.request()).outcome == .allow)
        var request = try GuardFixture.request()
        request.number = try PhoneNumber("+37120000001")
        #expect(try await fixture.sendGuard.reserve(request).reason?.rule == GuardRule.Name(.lockdown, .region))
    }

    @Test func failedAttemptsOfASourceRefuseItsNextSends() async throws {
        let fixture = try GuardFixture()
        let request = try GuardFixture.request()
        let failed = fixture.sendGuard.outcome(.failed, of: request)
        try await fixture.sendGuard.record(Array(repeating: failed, count: 19))
        #expect(try await fixture.sendGuard.reserve(request).outcome == .allow)
        try await fixture.sendGuard.record([failed])
        #expect(try await fixture.sendGuard.reserve(request).reason?.rule == GuardRule.Name(.failures, .source))
    }
}
