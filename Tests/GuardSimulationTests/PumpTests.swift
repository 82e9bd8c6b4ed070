// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard
import Testing

@testable import GuardSimulation

/// Simulations that check the bounds on SMS pumping in `Docs/GuardBounds.md`.
///
/// `otp simulate pump --runs 10` runs the experiments with more seeds.
@Suite struct PumpTests {
    private static let day = 86_400

    @Test(arguments: TrafficExperiment.withoutHistory)
    func pumpingWithoutHistoryLetsThirtyMessagesThrough(experiment: TrafficExperiment) async throws {
        let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 1))
        #expect(result.attackSends <= (try #require(experiment.bound)))
        #expect(result.attackSends <= 30)
        #expect(result.attackSends + result.attackRefusals == experiment.attack?.count)
    }

    /// Attacks with carriers that verify codes, and attacks on a growing region, are in other tests.
    @Test(
        arguments: TrafficExperiment.pump
            .filter { ($0.bound ?? 0) > 30 && $0.attack?.verifiedAfter == nil && $0.history == nil }
    )
    func largerAttacksStayWithinTheirBound(experiment: TrafficExperiment) async throws {
        let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 4))
        #expect(result.attackSends <= (try #require(experiment.bound)), "\(result.reasons)")
    }

    @Test func boundOfABlockAndOfARegionIsThirtyInAWeek() {
        #expect(TrafficExperiment.bound(.block, within: 7 * Self.day) == 26)
        #expect(TrafficExperiment.bound(.region, within: 7 * Self.day) == 29)
    }

    @Test func colludingCarrierNeverExceedsTheGrowthLimitOrTheBudget() async throws {
        for (name, most) in [
            ("a block whose carrier enters the codes", 150), ("a region whose carriers enter the codes", 1_000),
            ("a home region whose carriers enter the codes", 2_000),
        ] {
            let experiment = try #require(TrafficExperiment.pump.first { $0.name == name })
            let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 1))
            #expect(result.attackSends == most, "\(name)")
        }
    }

    @Test func numbersThatNoUserHasGetNoMessage() async throws {
        let refused = TrafficExperiment.pump.filter { $0.bound == 0 }
        #expect(refused.count == 5)
        for experiment in refused {
            let run = try await experiment.run(seed: 1)
            #expect(run.service.attackSends == 0 && run.service.reasons["destination"] == 1_000, "\(experiment.name)")
            #expect(run.numberLimits.attackSends > 900, "\(experiment.name)")
        }
    }

    @Test func allTwentyRiskyRangesHaveMobileNumbers() throws {
        let name = "20 regions, each request from a new address"
        let attack = try #require(TrafficExperiment.pump.first { $0.name == name }?.attack)
        let sends = attack.sends(seed: 1)
        let regions = Set(sends.compactMap { $0.number?.region })
        #expect(regions.count == 20)
        let mobile = sends.count {
            $0.number.map { [.mobile, .fixedLineOrMobile, .unknown].contains($0.kind) } ?? false
        }
        #expect(mobile * 10 > sends.count * 9)
    }

    @Test func honestUsersOfHomeRegionsAreNeverRefusedOrChallenged() async throws {
        var load = HonestLoad(users: 10_000, duration: Self.day, numbers: TrafficExperiment.home)
        load.usersOfOneAddress = 1_000
        let result = try await Simulation(policy: TrafficExperiment.policy).run(load.sends(seed: 1))
        #expect(result.userSends == 10_000)
        #expect(result.refusedUsers == 0 && result.challengedUsers == 0, "\(result.reasons)")
    }

    @Test func thousandUsersAnHourBehindOneAddressAreNotRefused() async throws {
        for seed in [1, 2, 3] as [UInt64] {
            var load = HonestLoad(users: 1_000, duration: 3_600, numbers: TrafficExperiment.home)
            load.usersOfOneAddress = 1_000
            let result = try await Simulation(policy: TrafficExperiment.policy).run(load.sends(seed: seed))
            #expect(result.refusedUsers == 0, "\(result.reasons)")
        }
    }

    @Test func attackMixedIntoUsersRefusesNoUserOfAnotherBlock() async throws {
        let users = HonestLoad(users: 2_000, duration: 8 * 3_600, numbers: TrafficExperiment.home)
        let attack = PumpAttack([TrafficExperiment.homeBlock], count: 5_000, duration: 8 * 3_600)
        let sends =
            users.sends(seed: 1).filter { !$0.text.hasPrefix(TrafficExperiment.homeBlock.prefix) }
            + attack.sends(seed: 2)
        let result = try await Simulation(policy: TrafficExperiment.policy).run(sends)
        #expect(result.attackSends <= 30)
        #expect(result.refusedUsers == 0, "\(result.reasons)")
    }

    @Test func launchInARegionWithoutHistoryWithAHumanCheckRefusesNobody() async throws {
        var policy = TrafficExperiment.policy
        policy.hasHumanCheck = true
        for duration in [10 * 3_600, Self.day] {
            let load = HonestLoad(users: 10_000, duration: duration, numbers: TrafficExperiment.region)
            let result = try await Simulation(policy: policy).run(load.sends(seed: 1))
            #expect(result.refusedUsers == 0, "\(result.reasons)")
            // The growth limit challenges all users after the first 1,000.
            #expect(result.challengedUsers >= 9_000)
        }
    }

    @Test func historyRaisesTheGrowthLimitOfALaunch() async throws {
        let grown = try #require(TrafficExperiment.launch.first { $0.history != nil })
        let result = try await Simulation(policy: grown.policy).run(grown.sends(seed: 1))
        #expect(result.userSends + result.refusedUsers == 10_000)
        #expect(result.userSends > 1_050 && result.userSends < 1_250, "\(result.userSends)")
    }

    @Test(arguments: TrafficExperiment.launch.filter { $0.name.hasSuffix("expected growth") })
    func settingsForExpectedGrowthRefuseAndChallengeNobody(experiment: TrafficExperiment) async throws {
        let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 1))
        #expect(result.userSends == 10_000)
        #expect(result.refusedUsers == 0 && result.challengedUsers == 0, "\(result.reasons)")
    }

    @Test func carriersThatVerifyInAGrowingRegionReachOnlyTheGrowthLimit() async throws {
        let growing = TrafficExperiment.pump.filter { $0.history != nil }
        #expect(growing.count == 2)
        for experiment in growing {
            let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 2))
            let bound = try #require(experiment.bound)
            #expect(result.attackSends <= bound && result.attackSends + result.userSends <= 1_200, "\(result)")
        }
    }

    @Test(arguments: TrafficExperiment.bomb)
    func bombedNumbersGetAtMostTheBound(experiment: TrafficExperiment) async throws {
        let sends = experiment.sends(seed: 1)
        let service = try await Simulation(policy: experiment.policy).run(sends)
        let numberLimits = try await Simulation.run(sends, against: NumberLimitDefense())
        #expect(service.attackSends <= (try #require(experiment.bound)))
        #expect(service.attackSends > 0 && numberLimits.attackSends >= service.attackSends)
    }

    @Test func baselineOfNumberLimitsLetsThousandsThrough() async throws {
        let attack = PumpAttack([TrafficExperiment.region], count: 10_000, duration: 8 * 3_600)
        let result = try await Simulation.run(attack.sends(seed: 1), against: NumberLimitDefense())
        #expect(result.attackSends > 9_900)
    }
}

extension TrafficExperiment: CustomTestStringConvertible {
    /// The name of the experiment.
    public var testDescription: String { self.name }
}
