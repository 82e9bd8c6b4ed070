// SPDX-License-Identifier: Apache-2.0

/// The rules for every history of calls, even if servers fail.
package struct ChaosChecker: Sendable {
    /// A violation of a rule, with the operations that show it.
    package struct Violation: Sendable, CustomStringConvertible {
        package enum Rule: String, Sendable {
            case acceptedTwice = "a code was accepted twice"
            case wrongAccepted = "a wrong code was accepted"
            case tooManyAttempts = "more attempts were compared than a code has"
            case acceptedAfterEnd = "a code was accepted after it had ended"
            case lost = "an acknowledged code is lost"
            case tooManyMessages = "more messages were admitted than the limit allows"
            case unknownMessage = "the messages differ from the messages that callers know of"
            case hang = "a caller waited too long"
        }

        package var rule: Rule
        package var operations: [ChaosOperation]

        /// The rule and the relevant part of the history.
        package var description: String {
            "\(self.rule.rawValue):\n" + self.operations.map { "    \($0)\n" }.joined()
        }
    }

    /// The maximum number of attempts for one code.
    package var attemptsPerCode = 5
    /// The lifetime of a code.
    package var lifetime = Duration.seconds(300)
    /// The period in which a phone number may receive only one message.
    package var window = Duration.seconds(60)
    /// The maximum wait of a caller.
    package var longestWait: Duration
    /// Whether a failover may lose acknowledged writes, as `Docs/Failures.md` states for the deployment.
    package var mayLose = false
    /// Whether a failover may undo unacknowledged writes that other callers have already seen.
    package var mayUndo = false

    package init(longestWait: Duration) {
        self.longestWait = longestWait
    }

    /// Returns all violations of a history.
    ///
    /// - Parameters:
    ///   - history: The operations of the callers and their outcomes.
    ///   - messages: The numbers of messages, keyed by the index of the phone number.
    /// - Returns: The violations; empty if the history follows all rules.
    package func violations(of history: [ChaosOperation], messages: [Int: Int]) -> [Violation] {
        var violations = history.filter { $0.end - $0.start > self.longestWait }
            .map { Violation(rule: .hang, operations: [$0]) }
        for (_, operations) in Dictionary(grouping: history, by: \.challenge) {
            let ordered = operations.sorted { $0.start < $1.start }
            violations += self.rules(ofChallenge: ordered).map { Violation(rule: $0, operations: ordered) }
        }
        let numbers = Dictionary(grouping: history, by: \.number)
        for (number, operations) in numbers {
            let ordered = operations.sorted { $0.start < $1.start }
            violations += self.rules(ofNumber: ordered, messages: messages[number, default: 0])
                .map { Violation(rule: $0, operations: ordered) }
        }
        for (number, count) in messages where count > 0 && numbers[number] == nil {
            violations.append(Violation(rule: .unknownMessage, operations: []))
        }
        return violations
    }

    private func rules(ofChallenge operations: [ChaosOperation]) -> [Violation.Rule] {
        var broken: [Violation.Rule] = []
        let verifications = operations.filter { $0.kind != .issue }
        let accepted = verifications.filter { $0.outcome == .ok }
        if accepted.contains(where: { $0.kind == .wrong }) { broken.append(.wrongAccepted) }
        if accepted.count > 1 { broken.append(.acceptedTwice) }
        guard !self.mayLose else { return broken }
        let compared = verifications.count { $0.outcome == .ok || $0.outcome == .incorrect }
        if compared > self.attemptsPerCode { broken.append(.tooManyAttempts) }
        if verifications.contains(where: { self.isLost($0, operations) }) { broken.append(.lost) }
        let ends = verifications.filter { if case .refused = $0.outcome { true } else { false } }
        let isAfter = accepted.contains { acceptance in ends.contains { $0.end < acceptance.start } }
        if isAfter && !self.mayUndo { broken.append(.acceptedAfterEnd) }
        return broken
    }

    /// Returns whether a code was reported as expired, although no caller can have used it.
    private func isLost(_ refusal: ChaosOperation, _ operations: [ChaosOperation]) -> Bool {
        guard
            refusal.outcome == .refused("expired"),
            let issue = operations.first(where: { $0.kind == .issue && $0.outcome == .ok }),
            refusal.end - issue.start < self.lifetime
        else { return false }
        return !operations.contains { other in
            guard other.kind == .right, other.start < refusal.end else { return false }
            switch other.outcome {
            case .ok, .unavailable(_, mayHaveRun: true): return true
            default: return false
            }
        }
    }

    private func rules(ofNumber operations: [ChaosOperation], messages: Int) -> [Violation.Rule] {
        var broken: [Violation.Rule] = []
        let admitted = operations.filter { $0.kind == .issue && $0.outcome == .ok }
        if admitted.count != messages { broken.append(.unknownMessage) }
        let tooEarly = zip(admitted, admitted.dropFirst()).contains { $1.end - $0.start < self.window }
        if tooEarly && !self.mayLose { broken.append(.tooManyMessages) }
        return broken
    }
}

/// The statistics of a run.
package struct ChaosSummary: Sendable {
    package let operations: Int
    package let accepted: Int
    package let unknown: Int
    package let rejected: Int
    /// The slowest operation; `nil` if there are no operations.
    package let slowest: ChaosOperation?
    /// The duration of the slowest operation.
    package var longestWait: Duration { self.slowest.map { $0.end - $0.start } ?? .zero }
    /// The longest time for which the store made no decision.
    package let longestUnavailability: Duration

    package init(of history: [ChaosOperation]) {
        self.operations = history.count
        self.accepted = history.count { $0.kind != .issue && $0.outcome == .ok }
        self.unknown = history.count { if case .unavailable(_, mayHaveRun: true) = $0.outcome { true } else { false } }
        self.rejected = history.count {
            if case .unavailable(_, mayHaveRun: false) = $0.outcome { true } else { false }
        }
        self.slowest = history.max { $0.end - $0.start < $1.end - $1.start }
        let decided = history.filter(\.isDecided).map(\.end).sorted()
        self.longestUnavailability = zip(decided, decided.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }
}
