// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// The counts of a simulation.
package struct SimulationResult: Sendable, Hashable {
    /// The messages that went to an attacker.
    package var attackSends = 0

    /// The requests of an attacker that were refused or challenged.
    package var attackRefusals = 0

    /// The seconds from the start until the first refused request of an attacker; `nil` if all were sent.
    package var timeToBlock: Int?

    /// The money that the attack cost, in the policy's unit.
    package var attackCost = 0

    /// The messages that went to users.
    package var userSends = 0

    /// The users that got no message.
    package var refusedUsers = 0

    /// The users that had to pass a human check.
    package var challengedUsers = 0

    /// The number of refusals and challenges by each rule.
    package var reasons: [GuardRule.Name: Int] = [:]

    mutating func count(_ decision: GuardDecision, of send: SimulatedSend) {
        if let reason = decision.reason { self.reasons[reason.rule, default: 0] += 1 }
        switch (decision.outcome == .allow, send.isAttack) {
        case (true, true):
            self.attackSends += 1
            self.attackCost += decision.reservation?.claim.facts.cost ?? 0
        case (true, false): self.userSends += 1
        case (false, true):
            self.attackRefusals += 1
            if self.timeToBlock == nil { self.timeToBlock = send.time }
        case (false, false): self.refusedUsers += 1
        }
    }
}
