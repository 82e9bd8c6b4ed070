// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// A run of this service and of two baselines against one shape of traffic: an attack, users, or both.
package struct TrafficExperiment: Sendable {
    /// The name, as the report prints it.
    package var name: String

    /// The rules of the guard.
    package var policy: GuardPolicy

    /// The attack, if there is one.
    package var attack: PumpAttack?

    /// The users, if there are any.
    package var users: HonestLoad?

    /// The users before the simulation begins.
    package var history: HonestLoad?

    /// The number of verified codes on the best day before the simulation.
    ///
    /// Only the rules of Authgear use this number.
    package var bestDay = 0

    /// The maximum number of messages to the attacker, derived from the limits; `nil` if no maximum can be derived.
    package var bound: Int?

    /// The results of one run.
    package struct Run: Sendable {
        /// The result of this service.
        package let service: SimulationResult
        /// The result with the published rules of Authgear.
        package let authgear: SimulationResult
        /// The result with the limits of each number only.
        package let numberLimits: SimulationResult
    }

    /// Returns the sends; equal seeds yield equal sends.
    package func sends(seed: UInt64) -> [SimulatedSend] {
        // Users, attack and history draw from different sequences.
        (self.attack?.sends(seed: seed) ?? []) + (self.users?.sends(seed: seed &+ 1) ?? [])
            + (self.history?.sends(seed: seed &+ 2) ?? [])
    }

    /// Runs the experiment with all three defences; equal seeds yield equal results.
    package func run(seed: UInt64) async throws -> Run {
        let sends = self.sends(seed: seed)
        return Run(
            service: try await Simulation(policy: self.policy).run(sends),
            authgear: try await Simulation.run(sends, against: AuthgearRules(bestDay: self.bestDay)),
            numberLimits: try await Simulation.run(sends, against: NumberLimitDefence())
        )
    }

    /// Runs the experiment several times, with seeds that differ by 10.
    package func runs(_ count: Int, seed: UInt64) async throws -> [Run] {
        var runs: [Run] = []
        // One run uses several consecutive seeds, so the seeds of two runs differ by at least 10.
        for run in 0..<UInt64(max(1, count)) { runs.append(try await self.run(seed: seed &+ 10 &* run)) }
        return runs
    }
}
