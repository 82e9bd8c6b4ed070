// SPDX-License-Identifier: Apache-2.0

import OTP
import Testing

@testable import GuardSimulation

/// Simulations that check the bounds on lockouts of a number's owner in `Docs/Simulations.md`.
@Suite struct LockoutTests {
    private static let seeds: [UInt64] = [1, 2]

    private static func experiment(_ name: String) throws -> LockoutExperiment {
        try #require(LockoutExperiment.all.first { $0.name == name })
    }

    @Test(arguments: LockoutExperiment.all.filter { $0.bound == 0 }.map(\.name))
    func ownerIsNeverRefused(name: String) throws {
        let experiment = try Self.experiment(name)
        for seed in Self.seeds {
            let result = try experiment.run(seed: seed)
            #expect(result.refused == Proportion(0, of: 14 * experiment.weeks))
            #expect(result.longestWait <= (try #require(try experiment.boundOfTheWait)))
            #expect(result.mostMessagesOfADay <= 10)
        }
    }

    @Test(arguments: ["unknown device, a stranger for a week", "known device, a thief of its token for a week"])
    func otherOwnersAreLockedOut(name: String) throws {
        let experiment = try Self.experiment(name)
        let result = try experiment.run(seed: 1)
        #expect(experiment.bound == nil && result.refused.value > 0.5 && result.mostMessagesOfADay <= 10)
    }

    @Test func strangerDelaysAKnownDevice() throws {
        let experiment = try Self.experiment("known device, a stranger who only requests codes, 4 weeks")
        #expect(try Self.seeds.map { try experiment.run(seed: $0).longestWait }.max() ?? 0 > 0)
    }

    @Test func baselinesLockAKnownDeviceOut() throws {
        let table = try LockoutExperiment.table(seed: 1, runs: 1)
        let row = try #require(LockoutExperiment.all.firstIndex { $0.name == "known device, a stranger for a week" })
        for baseline in ["numberLimits", "authgear"] {
            let shares = table.cells(baseline)
            #expect(try #require(shares[row].magnitude) > 0.5 && shares[0].magnitude == 0)
        }
        #expect(table.cells("refused")[row].magnitude == 0)
    }
}
