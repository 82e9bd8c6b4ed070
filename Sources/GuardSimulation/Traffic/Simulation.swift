// SPDX-License-Identifier: Apache-2.0

package import SendGuard

/// Runs sends against a set of limits (``Defense``) on a virtual clock.
///
/// Equal sends lead to equal results.
package struct Simulation: Sendable {
    /// The time at which every simulation starts: the beginning of a day in UTC.
    package static let start = LedgerTime(seconds: 20_000 * LedgerTime.secondsPerDay)

    private let policy: GuardPolicy

    /// Creates a simulation of the guard with a policy.
    package init(policy: GuardPolicy) {
        self.policy = policy
    }

    /// Runs sends in the order of their times.
    ///
    /// If the defense requires a human check, users pass the check and repeat the request. Attackers do not pass the check.
    package func run(_ sends: [SimulatedSend]) async throws -> SimulationResult {
        try await Self.run(sends, against: GuardDefense(self.policy))
    }

    static func run(_ sends: [SimulatedSend], against defense: some Defense) async throws -> SimulationResult {
        var defense = defense
        var answers = TimedQueue<(Answer, SimulatedSend)>()
        var result = SimulationResult()
        for (id, send) in sends.sorted(by: { $0.time < $1.time }).enumerated() {
            var send = send
            send.id = id
            while let (time, (answer, answered)) = answers.next(until: send.time) {
                try await defense.record(answer, of: answered, at: time)
            }
            var verdict = try await defense.decide(send, isChecked: false)
            if case .challenge = verdict, !send.isAttack {
                result.challenge(send)
                verdict = try await defense.decide(send, isChecked: true)
            }
            result.count(verdict, of: send)
            guard case .allow = verdict, let delay = send.answeredAfter else { continue }
            for _ in 0..<send.wrongCodes { answers.insert((.failed, send), at: send.time + delay) }
            if send.isVerified { answers.insert((.verified, send), at: send.time + delay) }
        }
        return result
    }
}
