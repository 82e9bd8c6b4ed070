// SPDX-License-Identifier: Apache-2.0

import OTP
import SendGuard
import Testing

@testable import GuardSimulation

/// Simulations that check the bounds on guessed codes in `Docs/Simulations.md`.
@Suite struct GuessTests {
    @Test func dayOfGuessesAtFullBudgetSucceedsWithTwoInAHundredThousand() throws {
        let result = try GuessAttack().runWithoutSuccess()
        #expect(result.attempts == 20)
        #expect(result.probability(of: 1_000_000) <= 2.0e-5)
        // Five attempts of each of four codes.
        #expect(result.attemptsOfCodes == [5, 5, 5, 5])
    }

    @Test func collectedCodesGiveNoMoreThanTheDocumentedAttempts() throws {
        var attack = GuessAttack()
        attack.strategy = .collecting
        #expect(try attack.runWithoutSuccess().attempts <= 20)
        attack.ownerSignsInEvery = 3_600
        // After a lockout, at most three live codes have one attempt each.
        #expect(try attack.runWithoutSuccess().attempts <= 22)
    }

    @Test func measuredShareHasTheExactProbabilityInItsInterval() throws {
        var attack = GuessAttack()
        attack.codes = 100
        let exact = try attack.runWithoutSuccess().probability(of: 100)
        let successes = try (0..<1_000).count { try attack.run(seed: UInt64($0)).isSuccessful }
        #expect(Proportion(successes, of: 1_000).interval.contains(exact))
        #expect(exact > 0.18 && exact < 0.2)
    }

    @Test func numberIsDisabledAfterAHundredAttempts() throws {
        var attack = GuessAttack()
        attack.duration = 30 * 86_400
        #expect(try attack.runWithoutSuccess().attempts == 60)
        attack.duration = 365 * 86_400
        #expect(try attack.runWithoutSuccess().attempts == 100)
    }

    @Test func serviceThatCountsAttemptsPerCodeOnlyComparesFifty() throws {
        let table = try GuessExperiment.table(seed: 1, runs: 1)
        let baselines = table.cells("numberLimits").compactMap(\.magnitude)
        #expect(baselines[0] > 4.9e-5 && baselines[0] < 5.1e-5)
        let exact = table.cells("exact").compactMap(\.magnitude)
        for (index, bound) in table.cells("bound").compactMap(\.magnitude).enumerated() {
            #expect(exact[index] <= bound)
        }
    }

    @Test(arguments: ReverseExperiment.experiments.prefix(5).map(\.experiment).filter { $0.bound != nil })
    func breakerOpensWithinFiveHundredAttemptsOverManyNumbers(experiment: TrafficExperiment) async throws {
        let result = try await Simulation(policy: experiment.policy).run(experiment.sends(seed: 1))
        let attempts = ReverseExperiment.attempts(of: result)
        #expect(result.sendsBefore["\(GuardRule.Name(.failures, .purpose))"] != nil)
        let bound = try #require(experiment.bound)
        #expect(attempts <= 500 && attempts <= bound, "\(attempts)")
    }

    @Test func raceAdmitsExactlyTheExpectedCalls() async throws {
        var race = RaceExperiment(store: InMemoryOTPStore(), ledger: InMemorySendLedger())
        race.callers = 500
        let table = try await race.table(runs: 2)
        #expect(table.cells("admitted") == table.cells("expected"))
        #expect(table.cells("expected").compactMap(\.magnitude) == [1, 1, 1, 5])
    }
}
