// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import SMSKit
import Testing

@testable import SendGuard

/// Tests that an attack succeeds without the rule against it, because no other rule has the same effect.
@Suite struct NecessaryRuleTests {
    /// Returns the number of messages that an attacker receives without a rule.
    private static func sends(
        without rule: GuardRule.Name,
        _ attack: PumpAttack,
        _ change: (inout GuardPolicy) -> Void = { _ in }
    ) async throws -> Int {
        var policy = GuardFixture.policy
        change(&policy)
        policy[rule] = nil
        return try await Simulation(policy: policy).run(attack.sends(seed: 1)).attackSends
    }

    @Test func unverifiedSendsOfABlock() async throws {
        let attack = PumpAttack([NumberRange("+659123", digits: 4)], count: 1_000, duration: 3_600)
        #expect(try await Self.sends(without: .init(.unverified, .block), attack) > 100)
    }

    @Test func unverifiedSendsOfARegion() async throws {
        let attack = PumpAttack([NumberRange("+3712", digits: 7)], count: 1_000, duration: 3_600)
        #expect(try await Self.sends(without: .init(.unverified, .region), attack) > 400)
    }

    @Test func unverifiedSendsOfAHomeRegion() async throws {
        let attack = PumpAttack([NumberRange("+659", digits: 7)], count: 2_000, duration: 3_600)
        let without = try await Self.sends(without: .init(.unverified, .homeRegion), attack) {
            $0[GuardRule.Name(.unverified, .tenant)] = nil
        }
        #expect(without >= 1_990)
    }

    @Test func unverifiedSendsOfATenant() async throws {
        // There are two home regions, and the attack stays below the capacity of each.
        let first = PumpAttack([NumberRange("+659", digits: 7)], count: 450, duration: 3_600)
        let second = PumpAttack([NumberRange("+8526", digits: 7)], count: 450, duration: 3_600)
        let sends = first.sends(seed: 1) + second.sends(seed: 2)
        var policy = GuardFixture.policy
        policy.homeRegions = [.singapore, .hongKong]
        #expect(try await Simulation(policy: policy).run(sends).attackSends < 510)
        policy[.init(.unverified, .tenant)] = nil
        #expect(try await Simulation(policy: policy).run(sends).attackSends >= 895)
    }

    @Test(arguments: [GuardScope.source, .network])
    func unverifiedSendsOfASourceAndOfANetwork(scope: GuardScope) async throws {
        let fixture = try GuardFixture { $0[GuardRule.Name(.unverified, scope)] = nil }
        let (admitted, _) = try await fixture.fill {
            try GuardFixture.request($0, block: $0, from: scope == .source ? "192.0.2.1" : "192.0.2.\($0 % 200)")
        }
        #expect(admitted == (scope == .source ? 200 : 500))
    }

    @Test func growthOfABlockAndOfARegion() async throws {
        for (scope, prefix, digits, most) in [(GuardScope.block, "+659123", 4, 150), (.region, "+3712", 7, 1_000)] {
            var attack = PumpAttack([NumberRange(prefix, digits: digits)], count: 3_000, duration: 20 * 3_600)
            attack.verifiedAfter = 20
            #expect(try await Self.sends(without: .init(.growth, scope), attack) > 2 * most)
        }
    }

    @Test func failuresOfAPurposeAndOfASource() async throws {
        for scope in [GuardScope.purpose, .source, .network] {
            let name = GuardRule.Name(.failures, scope)
            for isRemoved in [false, true] {
                let fixture = try GuardFixture { if isRemoved { $0[name] = nil } }
                for number in 0..<600 {
                    // The attack uses many sources for the purpose rule, many addresses for the network rule, and one source
                    // for the source rule.
                    let source =
                        scope == .purpose
                        ? GuardFixture.address(number) : scope == .network ? "192.0.2.\(number % 200)" : "192.0.2.1"
                    let request = try GuardFixture.request(number, from: source)
                    if scope == .source, number >= 30 { break }
                    if scope == .network, number >= 150 { break }
                    try await fixture.sendGuard.record([fixture.sendGuard.outcome(.failed, of: request)])
                }
                let source = scope == .purpose ? "198.51.100.1" : scope == .network ? "192.0.2.250" : "192.0.2.1"
                let decision = try await fixture.sendGuard.reserve(GuardFixture.request(1, from: source))
                #expect((decision.reason?.rule == name) == !isRemoved, "\(name) \(isRemoved): \(decision)")
            }
        }
    }
}
