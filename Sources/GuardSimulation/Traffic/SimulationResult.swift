// SPDX-License-Identifier: Apache-2.0

/// The counts of a simulation.
package struct SimulationResult: Sendable, Hashable {
    /// The number of messages that the attacker caused.
    package var attackSends = 0

    /// The number of the attacker's requests that were refused or challenged.
    package var attackRefusals = 0

    /// The number of seconds until the attacker's first refused or challenged request; `nil` if there is no such request.
    package var timeToBlock: Int?

    /// The number of messages to users.
    package var userSends = 0

    /// The number of users whose requests were refused.
    package var refusedUsers = 0

    /// The number of users that had to pass a human check.
    package var challengedUsers = 0

    /// For each rule, the number of requests that the rule refused.
    ///
    /// A challenge counts as a refusal if the client did not pass the human check.
    package var reasons: [String: Int] = [:]

    /// For each rule, the number of the attacker's messages before the rule first refused or challenged a request.
    package var sendsBefore: [String: Int] = [:]

    mutating func challenge(_ send: SimulatedSend) {
        if send.time >= 0 { self.challengedUsers += 1 }
    }

    /// Counts a decision.
    ///
    /// Decisions about sends before the start of the simulation are ignored.
    mutating func count(_ verdict: Verdict, of send: SimulatedSend) {
        guard send.time >= 0 else { return }
        switch verdict {
        case .challenge(let rule), .refuse(let rule):
            self.reasons[rule, default: 0] += 1
            if self.sendsBefore[rule] == nil { self.sendsBefore[rule] = self.attackSends }
        case .allow: break
        }
        switch (verdict, send.isAttack) {
        case (.allow, true): self.attackSends += 1
        case (.allow, false): self.userSends += 1
        case (_, true):
            self.attackRefusals += 1
            if self.timeToBlock == nil { self.timeToBlock = send.time }
        case (_, false): self.refusedUsers += 1
        }
    }
}
