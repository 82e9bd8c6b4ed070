/// A message that the gateway took.
package struct TakenMessage: Sendable, Hashable {
    /// The identifier of the request that brought it.
    package var requestID: String
    /// The identifier that was answered.
    package var messageID: String

    package init(requestID: String, messageID: String) {
        self.requestID = requestID
        self.messageID = messageID
    }
}

/// What must hold of every call, whatever the gateway did meanwhile.
package struct SendChecker: Sendable {
    /// Something that must not be, and the call that shows it.
    package struct Violation: Sendable, CustomStringConvertible {
        package enum Rule: String, Sendable {
            case sentTwice = "two messages for one call"
            case acceptedButNotTaken = "reported as accepted, and not taken"
            case acceptedAsAnother = "reported as accepted by the identifier of another message"
            case rejectedButTaken = "reported as rejected, and taken"
            case late = "a call outlived its deadline"
            case unasked = "a message that nobody sent"
        }

        package var rule: Rule
        package var call: String

        /// The rule, and the call.
        package var description: String { "\(self.rule.rawValue): \(self.call)" }
    }

    /// How much later than its deadline a call may end on a busy machine.
    package var tolerance: Duration

    package init(tolerance: Duration) {
        self.tolerance = tolerance
    }

    /// Finds everything that must not be.
    ///
    /// - Parameters:
    ///   - sends: What was called, and what callers were told.
    ///   - taken: The messages that the gateway took, by task.
    /// - Returns: The violations; empty if all is well.
    package func violations(of sends: [ChaosSend], taken: [String: [TakenMessage]]) -> [Violation] {
        var violations: [Violation] = []
        for send in sends {
            let messages = taken[send.task] ?? []
            // A gateway that delivers twice what it was asked for once does so by itself.
            if Set(messages.map(\.requestID)).count > 1 {
                violations.append(Violation(rule: .sentTwice, call: "\(send)"))
            }
            switch send.outcome {
            case .accepted(let id):
                if messages.isEmpty {
                    violations.append(Violation(rule: .acceptedButNotTaken, call: "\(send)"))
                } else if !messages.contains(where: { $0.messageID == id }) {
                    violations.append(Violation(rule: .acceptedAsAnother, call: "\(send)"))
                }
            case .rejected:
                if !messages.isEmpty { violations.append(Violation(rule: .rejectedButTaken, call: "\(send)")) }
            case .unknown:
                break
            }
            if send.elapsed > send.timeout + self.tolerance {
                violations.append(Violation(rule: .late, call: "\(send)"))
            }
        }
        let tasks = Set(sends.map(\.task))
        violations += taken.keys.filter { !tasks.contains($0) }.sorted().map { Violation(rule: .unasked, call: $0) }
        return violations
    }
}
