// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// An experiment that compares swift-otp with two baselines on the same traffic: an attack, users, or both.
package struct TrafficExperiment: Sendable {
    /// The name of the experiment in the report.
    package var name: String

    /// The rules of the guard.
    package var policy: GuardPolicy

    /// The attack; `nil` for traffic of users only.
    package var attack: PumpAttack?

    /// The users; `nil` for traffic of an attack only.
    package var users: HonestLoad?

    /// The users before the start of the simulation.
    package var history: HonestLoad?

    /// The number of verified codes on the best day before the simulation.
    ///
    /// Only the rules of Authgear, another authentication service, read this number. The guard counts the verified codes of
    /// ``history`` itself.
    package var bestDay = 0

    /// The maximum number of messages of the attack according to the limits; `nil` if the limits determine no maximum.
    package var bound: Int?

    /// The results of one run.
    package struct Run: Sendable {
        /// The result of swift-otp with its guard.
        package let service: SimulationResult
        /// The result with the published rules of Authgear, another authentication service.
        package let authgear: SimulationResult
        /// The result with only the limits of each phone number.
        package let numberLimits: SimulationResult
    }

    /// Returns the sends of the experiment.
    ///
    /// Equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        // Users, attack and history have different random sequences.
        (self.attack?.sends(seed: seed) ?? []) + (self.users?.sends(seed: seed &+ 1) ?? [])
            + (self.history?.sends(seed: seed &+ 2) ?? [])
    }

    /// Runs the experiment with all three defenses.
    ///
    /// Equal seeds yield equal results.
    package func run(seed: UInt64) async throws -> Run {
        let sends = self.sends(seed: seed)
        return Run(
            service: try await Simulation(policy: self.policy).run(sends),
            authgear: try await Simulation.run(sends, against: AuthgearRules(bestDay: self.bestDay)),
            numberLimits: try await Simulation.run(sends, against: NumberLimitDefense())
        )
    }

    /// Runs the experiment several times, with seeds that differ by 10.
    package func runs(_ count: Int, seed: UInt64) async throws -> [Run] {
        var runs: [Run] = []
        // A run uses several consecutive seeds, so the first seeds of two runs differ by at least 10.
        for run in 0..<UInt64(max(1, count)) { runs.append(try await self.run(seed: seed &+ 10 &* run)) }
        return runs
    }
}
