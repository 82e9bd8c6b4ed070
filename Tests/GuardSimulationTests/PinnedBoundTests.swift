// SPDX-License-Identifier: Apache-2.0

import OTP
import SendGuard
import Testing

@testable import GuardSimulation

/// Tests that attacks stay within fixed bounds after any change of a rule or a limit.
@Suite struct PinnedBoundTests {
    private static let day = 86_400

    /// The names of the attacks on a block or a region without earlier traffic.
    private static let shapes = [
        "consecutive numbers of a block", "random numbers of a region", "random numbers of a region, one address",
        "burst of a minute on a region", "burst of a minute on a home block", "drip of a week on a block",
        "drip of a week on a region",
    ]

    @Test func pumpingWithoutHistoryLetsThirtyThrough() throws {
        let experiments = TrafficExperiment.withoutHistory
        #expect(Set(Self.shapes).isSubset(of: experiments.map(\.name)))
        for experiment in experiments { #expect(try #require(experiment.bound) <= 30, "\(experiment.name)") }
    }

    @Test func guessingForADayHasTwentyAttempts() throws {
        #expect(NumberBound().attempts(within: Self.day) == 20)
        let bounds = try GuessExperiment.table(seed: 1, runs: 1).cells("bound").compactMap(\.magnitude)
        #expect(try #require(bounds.first) <= 2.0e-5)
    }

    @Test func breakerOfFailuresOpensWithinFiveHundredAttempts() throws {
        let bounded = ReverseExperiment.experiments.filter { $0.experiment.bound != nil }
        #expect(bounded.count == 6)
        for (experiment, _) in bounded { #expect(try #require(experiment.bound) <= 500, "\(experiment.name)") }
        // Only the successes of users hide a slow attack.
        let slow = ReverseExperiment.experiments.filter { $0.pause == 10 }.map(\.experiment)
        #expect(slow.map { $0.bound == nil } == [true, false])
    }

    @Test func collusionStaysWithinTheGrowthLimitsAndTheBudget() throws {
        for (name, most) in [
            ("a block whose carrier enters the codes", 150), ("a region whose carriers enter the codes", 1_000),
            ("the same, and its carriers enter the codes", 1_200),
            ("a home region whose carriers enter the codes", 2_000),
        ] {
            let experiment = try #require(TrafficExperiment.pump.first { $0.name == name })
            #expect(experiment.bound == most && experiment.attack?.verifiedAfter != nil, "\(name)")
        }
    }

    @Test func unverifiedSendsOfAHomeRegionHaveABound() throws {
        #expect(TrafficExperiment.bound(.homeRegion, within: Self.day) == 506)
        let mixed = try #require(TrafficExperiment.pump.first { $0.name == "the same, behind 10,000 users" })
        // The capacity of 500, 96 drained units, half a unit for each of 10,000 requests, and a sixteenth for each user.
        #expect(mixed.bound == 500 + 96 + 5_000 + 625)
        let growing = try #require(TrafficExperiment.pump.first { $0.name.hasPrefix("a growing region, behind") })
        #expect(growing.bound == 18 + 96 + 500 + 62)
    }

    @Test func strangerCannotLockAKnownDeviceOut() throws {
        let known = LockoutExperiment.all.filter { $0.isKnownDevice && $0.attacker != .thief }
        #expect(known.count == 3)
        for experiment in known {
            #expect(experiment.bound == 0)
            #expect(try experiment.boundOfTheWait == 2_400)
        }
    }

    /// A weaker rule must let the attack exceed its bound; otherwise, the bound could not detect a weaker rule.
    @Test(arguments: [
        (GuardRule.Name(.unverified, .block), "burst of a minute on a home block"),
        (.init(.unverified, .region), "burst of a minute on a region"),
    ])
    func weakerRuleLetsMoreThanThirtyThrough(rule: GuardRule.Name, attack: String) async throws {
        var experiment = try #require(TrafficExperiment.withoutHistory.first { $0.name == attack })
        guard case .bucket(var bucket)? = experiment.policy[rule]?.threshold else {
            Issue.record("\(rule) has no bucket")
            return
        }
        #expect(PumpBound(bucket).messages(within: 7 * Self.day) <= 30)
        bucket.capacity += 20
        experiment.policy[rule]?.threshold = .bucket(bucket)
        let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 1))
        #expect(PumpBound(bucket).messages(within: 7 * Self.day) > 30 && result.attackSends > 30)
    }
}
