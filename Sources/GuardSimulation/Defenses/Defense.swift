// SPDX-License-Identifier: Apache-2.0

/// A set of limits that allows, challenges or refuses the sends of a simulation.
protocol Defense {
    /// Allows, challenges or refuses a send.
    ///
    /// An allowed send is counted.
    ///
    /// - Parameters:
    ///   - send: The send, which must not be earlier than the send of the previous call.
    ///   - isChecked: Whether the user has passed a human check.
    /// - Returns: The decision.
    /// - Throws: An error of the store.
    mutating func decide(_ send: SimulatedSend, isChecked: Bool) async throws -> Verdict

    /// Records the outcome of a code that was typed after a send.
    mutating func record(_ answer: Answer, of send: SimulatedSend, at time: Int) async throws
}

/// A defense's decision about a send.
enum Verdict {
    case allow
    case challenge(rule: String)
    case refuse(rule: String)
}

/// The outcome of a typed code.
enum Answer {
    case verified
    case failed
}
