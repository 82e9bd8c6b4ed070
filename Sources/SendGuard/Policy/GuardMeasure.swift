// SPDX-License-Identifier: Apache-2.0

/// The quantity that a rule compares with its threshold.
///
/// The enumeration is closed: the scripts of a ledger contain the arithmetic of each measure.
public enum GuardMeasure: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The lockdown: only known devices and known numbers get messages.
    case lockdown = 1
    /// The messages of the day in UTC.
    case messages = 2
    /// The money spent on the day in UTC.
    case money = 3
    /// The messages of the day, compared with the verified sends of the best recent day.
    case growth = 4
    /// The sends that are not verified, less the credit of verified ones.
    case unverified = 5
    /// The failed attempts, less the credit of successes.
    case failures = 6
    /// The regions of sends without a success since.
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
