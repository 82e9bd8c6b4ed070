// SPDX-License-Identifier: Apache-2.0

import GuardSimulation
import OTPTesting
import SMSKit
import Testing

@testable import SendGuard

/// Tests the bounds in `Docs/Guard.md` by simulation.
@Suite struct PumpTests {
    private static let seeds: [UInt64] = [1, 2, 3]

    private static func bound(_ scope: GuardScope, _ seconds: Int) throws -> Int {
        let rule = GuardRule.standard.first { $0.name == GuardRule.Name(.unverified, scope) }
        guard case .bucket(let bucket) = try #require(rule).threshold else { return 0 }
        return PumpBound(bucket).messages(within: seconds)
    }

    private static let day = 86_400

    @Test(arguments: PumpExperiment.withoutHistory)
    func pumpingWithoutHistoryLetsThirtyMessagesThrough(experiment: PumpExperiment) async throws {
        for seed in Self.seeds.prefix(2) {
            let row = try await experiment.run(seed: seed)
            #expect(row.attackSends <= (try #require(row.bound)))
            #expect(row.attackSends <= 30)
            #expect(row.attackRequests == experiment.attack?.count)
        }
    }

    @Test func boundOfABlockAndOfARegionIsThirtyInAWeek() throws {
        #expect(try Self.bound(.block, 7 * Self.day) == 26)
        #expect(try Self.bound(.region, 7 * Self.day) == 29)
    }

    @Test func randomNumbersOfAHomeRegionStopAtItsBound() async throws {
        let attack = PumpAttack("home", prefix: "+659", digits: 7, count: 20_000, duration: Self.day)
        let result = try await Simulation(policy: GuardFixture.policy).run(attack.sends(seed: 1))
        #expect(result.attackSends <= (try Self.bound(.homeRegion, Self.day)))
    }

    @Test func carrierThatVerifiesEveryCodeStopsAtTheGrowthLimit() async throws {
        for (digits, prefix, most) in [(4, "+3712345", 150), (7, "+3712", 1_000)] {
            var attack = PumpAttack("collusion", prefix: prefix, digits: digits, count: 5_000, duration: 20 * 3_600)
            attack.verifiedAfter = 20
            let result = try await Simulation(policy: GuardFixture.policy).run(attack.sends(seed: 1))
            #expect(result.attackSends == most)
        }
    }

    @Test func honestUsersOfHomeRegionsAreNeverRefusedOrChallenged() async throws {
        for seed in Self.seeds {
            var load = HonestLoad(users: 10_000, duration: Self.day, prefix: "+659", digits: 7)
            load.usersOfOneAddress = 1_000
            let result = try await Simulation(policy: GuardFixture.policy).run(load.sends(seed: seed))
            #expect(result.userSends == 10_000)
            #expect(result.refusedUsers == 0 && result.challengedUsers == 0, "\(result.reasons)")
        }
    }

    @Test func thousandUsersAnHourBehindOneAddressAreNotRefused() async throws {
        for seed in Self.seeds {
            var load = HonestLoad(users: 1_000, duration: 3_600, prefix: "+659", digits: 7)
            load.usersOfOneAddress = 1_000
            let result = try await Simulation(policy: GuardFixture.policy).run(load.sends(seed: seed))
            #expect(result.refusedUsers == 0, "\(result.reasons)")
        }
    }

    @Test func attackMixedIntoUsersRefusesNoUserOfAnotherBlock() async throws {
        let users = HonestLoad(users: 2_000, duration: 8 * 3_600, prefix: "+659", digits: 7)
        let attack = PumpAttack("block", prefix: "+659123", digits: 4, count: 5_000, duration: 8 * 3_600)
        let sends = users.sends(seed: 1).filter { !$0.number.e164.hasPrefix("+659123") } + attack.sends(seed: 2)
        let result = try await Simulation(policy: GuardFixture.policy).run(sends)
        #expect(result.attackSends <= 30)
        #expect(result.refusedUsers == 0, "\(result.reasons)")
    }

    @Test func launchInARegionWithoutHistoryWithAHumanCheckRefusesNobody() async throws {
        var policy = GuardFixture.policy
        policy.hasHumanCheck = true
        for duration in [10 * 3_600, Self.day] {
            let load = HonestLoad(users: 10_000, duration: duration, prefix: "+3712", digits: 7)
            let result = try await Simulation(policy: policy).run(load.sends(seed: 1))
            #expect(result.refusedUsers == 0, "\(result.reasons)")
            // The growth limit challenges all users after the first 1,000.
            #expect(result.challengedUsers >= 9_000)
        }
    }

    @Test func breakerOpensWithinFiveHundredGuessesOverManyNumbers() async throws {
        let fixture = try GuardFixture()
        let users = HonestLoad(users: 1_000, duration: 3_600, prefix: "+659", digits: 7).sends(seed: 1)
        var guesses = 0
        // The attacker makes one attempt per second, while a thousand users sign in within the hour.
        for second in 0..<3_600 {
            for user in users where user.time == second {
                let request = SendRequest(
                    number: user.number,
                    tenant: "acme",
                    purpose: "registration",
                    source: user.source
                )
                let failed = fixture.sendGuard.outcome(.failed, of: request)
                try await fixture.sendGuard.record(Array(repeating: failed, count: user.typingErrors))
                guard user.verifiedAfter != nil else { continue }
                try await fixture.sendGuard.record([fixture.sendGuard.outcome(.verified, of: request)])
            }
            let source = GuardFixture.address(second)
            let guess = try GuardFixture.request(second, block: second % 1_000, from: source)
            try await fixture.sendGuard.record([fixture.sendGuard.outcome(.failed, of: guess)])
            guesses += 1
            let decision = try await fixture.sendGuard.reserve(GuardFixture.request(1, from: "198.51.100.1"))
            if decision.reason?.rule == GuardRule.Name(.failures, .purpose) { break }
            if let reservation = decision.reservation { try await fixture.sendGuard.release(reservation) }
            fixture.clock.advance(by: .seconds(1))
        }
        #expect(guesses <= 500, "\(guesses)")
    }

    @Test func baselineOfNumberLimitsLetsThousandsThrough() {
        let attack = PumpAttack("region", prefix: "+3712", digits: 7, count: 10_000, duration: 8 * 3_600)
        #expect(NumberLimitBaseline().attackSends(attack.sends(seed: 1)) > 9_900)
    }
}

extension PumpExperiment: CustomTestStringConvertible {
    /// The name of the experiment.
    public var testDescription: String { self.name }
}
