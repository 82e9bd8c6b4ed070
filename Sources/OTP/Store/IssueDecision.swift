// SPDX-License-Identifier: Apache-2.0

/// The decision of a store on a new challenge.
///
/// The enumeration is closed: a caller must handle every decision.
public enum IssueDecision: Sendable, Hashable {
    /// The challenge is stored, and its message may be sent.
    case admitted(Admission)
    /// Nothing was stored or counted.
    case refused(Refusal, at: StoreTime)
}
