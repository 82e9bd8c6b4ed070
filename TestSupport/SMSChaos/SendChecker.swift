// SPDX-License-Identifier: Apache-2.0

/// A message that the gateway accepted.
package struct AcceptedMessage: Sendable, Hashable {
    /// The identifier of the request with the message.
    package var requestID: String
    /// The message ID in the gateway's response.
    package var messageID: String

    package init(requestID: String, messageID: String) {
        self.requestID = requestID
        self.messageID = messageID
    }
}

/// A check of the client's requirements in every call, even if the gateway fails.
package struct SendChecker: Sendable {
    /// A violation of a requirement, with the call.
    package struct Violation: Sendable, CustomStringConvertible {
        package enum Rule: String, Sendable {
            case sentTwice = "two messages for one call"
            case acceptedButMissing = "reported as accepted, but not in the inbox"
            case acceptedAsAnother = "reported as accepted with the ID of another message"
            case rejectedButAccepted = "reported as rejected, but in the inbox"
            case late = "a call outlived its deadline"
            case neverSent = "a message that no call sent"
        }

        package var rule: Rule
        package var call: String

        /// The requirement and the call.
        package var description: String { "\(self.rule.rawValue): \(self.call)" }
    }

    /// The maximum delay after a deadline on a busy machine.
    package var tolerance: Duration

    package init(tolerance: Duration) {
        self.tolerance = tolerance
    }

    /// Returns all violations in a list of calls.
    ///
    /// - Parameters:
    ///   - sends: The calls and their outcomes.
    ///   - accepted: The messages that the gateway accepted, keyed by task ID.
    /// - Returns: The violations; empty if the client met all requirements.
    package func violations(of sends: [ChaosSend], accepted: [String: [AcceptedMessage]]) -> [Violation] {
        var violations: [Violation] = []
        for send in sends {
            let messages = accepted[send.task] ?? []
            // If the gateway delivers one request twice, the client is not at fault.
            if Set(messages.map(\.requestID)).count > 1 {
                violations.append(Violation(rule: .sentTwice, call: "\(send)"))
            }
            switch send.outcome {
            case .accepted(let id):
                if messages.isEmpty {
                    violations.append(Violation(rule: .acceptedButMissing, call: "\(send)"))
                } else if !messages.contains(where: { $0.messageID == id }) {
                    violations.append(Violation(rule: .acceptedAsAnother, call: "\(send)"))
                }
            case .rejected:
                if !messages.isEmpty { violations.append(Violation(rule: .rejectedButAccepted, call: "\(send)")) }
            case .unknown:
                break
            }
            if send.elapsed > send.timeout + self.tolerance {
                violations.append(Violation(rule: .late, call: "\(send)"))
            }
        }
        let tasks = Set(sends.map(\.task))
        violations += accepted.keys.filter { !tasks.contains($0) }.sorted()
            .map { Violation(rule: .neverSent, call: $0) }
        return violations
    }
}
