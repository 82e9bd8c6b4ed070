// SPDX-License-Identifier: Apache-2.0

/// Limits that decide about the sends of a simulation.
protocol Defence {
    /// Decides about a send, and counts it if it is allowed.
    ///
    /// - Parameters:
    ///   - send: The send. It is not earlier than the send of the previous call.
    ///   - isChecked: Whether the user has passed a human check.
    /// - Returns: The decision.
    /// - Throws: An error of the store.
    mutating func decide(_ send: SimulatedSend, isChecked: Bool) async throws -> Verdict

    /// Records the codes that somebody typed after a send.
    mutating func record(_ answer: Answer, of send: SimulatedSend, at time: Int) async throws
}

/// A defence's decision about a send.
enum Verdict {
    case allow
    case challenge(rule: String)
    case refuse(rule: String)
}

/// A typed code.
enum Answer {
    case verified
    case failed
}
