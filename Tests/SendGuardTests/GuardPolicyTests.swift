// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import SendGuard

/// Tests of valid and invalid policies.
@Suite struct GuardPolicyTests {
    @Test func standardPolicyIsValid() throws {
        try GuardFixture.policy.check()
    }

    /// A change that makes a policy invalid, and the entry that the error must name.
    struct Fault: Sendable {
        let entry: String
        let change: @Sendable (inout GuardPolicy) -> Void

        init(_ entry: String, _ change: @escaping @Sendable (inout GuardPolicy) -> Void) {
            self.entry = entry
            self.change = change
        }
    }

    static let faults = [
        Fault("unverified-block") { $0[Name(.unverified, .block)]?.threshold = .regions(3) },
        Fault("messages-service") { $0.rules.append($0.rules[0]) },
        Fault("unverified-source") { $0[Name(.unverified, .source)]?.threshold = .bucket(bucket(capacity: 0)) },
        Fault("unverified-source") { $0[Name(.unverified, .source)]?.threshold = .bucket(bucket(checked: 9)) },
        Fault("unverified-source") { $0[Name(.unverified, .source)]?.threshold = .bucket(bucket(pause: 0)) },
        Fault("failures-source") { $0[Name(.failures, .source)]?.threshold = .bucket(bucket(doublings: 1)) },
        Fault("growth-region") { $0[Name(.growth, .region)]?.threshold = .growth(floor: -1, factor: 1) },
        Fault("destinations-source") { $0[Name(.destinations, .source)]?.threshold = .regions(0) },
        Fault("serviceBudget") { $0.serviceBudget = .init(messages: -1) },
        Fault("tenantBudgets[acme]") { $0.tenantBudgets["acme"] = .init(money: 1 << 50) },
        Fault("regionBudgets[HK]") { $0.regionBudgets[.hongKong] = .init(money: -1) },
        Fault("prices[SG]") { $0.prices[.singapore] = -1 },
        Fault("otherPrice") { $0.otherPrice = -1 },
        Fault("prices[SG]") { $0.serviceBudget.money = 100 },
        Fault("allowList") { $0.allowList = [AllowEntry(.numbers(prefix: "+65"), until: LedgerTime(seconds: 1))] },
    ]

    @Test(arguments: Self.faults)
    func faultyEntryIsNamed(fault: Fault) {
        var policy = GuardFixture.policy
        fault.change(&policy)
        let error = #expect(throws: GuardConfigurationError.self) { try policy.check() }
        #expect(error?.entry == fault.entry)
    }

    @Test func namesOfRulesAreUniqueAndReadable() {
        let names = GuardRule.standard.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(GuardRule.Name(name.description) == name) }
        for text in ["", "unverified", "unverified-", "unverified-block-", "x-block"] {
            #expect(GuardRule.Name(text) == nil)
        }
    }

    @Test func effectsFollowTheOrderOfModes() {
        // The scripts compute the effect as the mode plus 1.
        for mode in GuardMode.allCases where mode != .off {
            #expect(GuardFinding.Effect(mode, .ordinary).rawValue == mode.rawValue + 1)
        }
        #expect(GuardFinding.Effect(.challenge, .checked) == .block)
    }

    private typealias Name = GuardRule.Name

    private static func bucket(
        capacity: Int = 10,
        checked: Int = 10,
        pause: Int = 10,
        doublings: Int = 0
    ) -> LeakyBucket.Limits {
        .init(capacity: capacity, checkedCapacity: checked, pause: pause, doublings: doublings, credit: 1)
    }
}
