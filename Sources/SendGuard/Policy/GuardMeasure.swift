// SPDX-License-Identifier: Apache-2.0

/// The quantity that a rule compares with its threshold.
///
/// No cases will be added, because every ledger implements the arithmetic of each measure.
public enum GuardMeasure: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A lockdown, during which only known devices and known numbers get messages.
    case lockdown = 1
    /// The messages of the day in UTC.
    case messages = 2
    /// The money spent on the day in UTC.
    case money = 3
    /// The messages of the day, compared with the verified sends of the best recent day.
    case growth = 4
    /// The unverified sends, minus the credits of verified sends.
    case unverified = 5
    /// The failed attempts, minus the credits of successes.
    case failures = 6
    /// The regions to which messages were sent since the last verified send.
    case destinations = 7

    /// The name of the measure, such as `unverified`.
    public var description: String {
        switch self {
        case .lockdown: "lockdown"
        case .messages: "messages"
        case .money: "money"
        case .growth: "growth"
        case .unverified: "unverified"
        case .failures: "failures"
        case .destinations: "destinations"
        }
    }
}
