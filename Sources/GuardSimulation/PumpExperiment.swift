// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// A run of the guard against one shape of traffic: an attack, users, or both.
package struct PumpExperiment: Sendable {
    /// The name, as the report prints it.
    package let name: String

    /// The rules.
    package var policy: GuardPolicy

    /// The attack, if there is one.
    package var attack: PumpAttack?

    /// The users, if there are any.
    package var users: HonestLoad?

    /// The largest number of messages to the attacker, if the analysis gives one.
    package var bound: Int?

    /// The result of an experiment.
    package struct Row: Sendable, Encodable {
        /// The name of the experiment.
        package let name: String
        /// The requests of the attacker.
        package let attackRequests: Int
        /// The messages to the attacker with the limits of each number only.
        package let baseline: Int
        /// The largest number of messages to the attacker by the analysis.
        package let bound: Int?
        /// The messages to the attacker.
        package let attackSends: Int
        /// The seconds until the first refusal of the attacker.
        package let secondsToBlock: Int?
        /// The users.
        package let users: Int
        /// The users without a message.
        package let refusedUsers: Int
        /// The users who had to pass a human check.
        package let challengedUsers: Int
    }

    /// Runs the experiment; equal seeds yield equal rows.
    package func run(seed: UInt64) async throws -> Row {
        // Users and attack draw from different sequences.
        let sends = (self.attack?.sends(seed: seed) ?? []) + (self.users?.sends(seed: seed &+ 1) ?? [])
        let result = try await Simulation(policy: self.policy).run(sends)
        return Row(
            name: self.name,
            attackRequests: result.attackSends + result.attackRefusals,
            baseline: NumberLimitBaseline().attackSends(sends),
            bound: self.bound,
            attackSends: result.attackSends,
            secondsToBlock: result.timeToBlock,
            users: result.userSends + result.refusedUsers,
            refusedUsers: result.refusedUsers,
            challengedUsers: result.challengedUsers
        )
    }
}
