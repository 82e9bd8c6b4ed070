// SPDX-License-Identifier: Apache-2.0

/// A store's decision on a new challenge.
///
/// No cases will be added, because a caller must handle every decision.
public enum IssueDecision: Sendable, Hashable {
    /// The challenge is stored, and its message may be sent.
    case admitted(Admission)
    /// A limit does not admit the message.
    ///
    /// The store has stored and counted nothing.
    case refused(Refusal, at: StoreTime)
}
