// SPDX-License-Identifier: Apache-2.0

/// The quantity that a rule compares with its threshold.
///
/// No cases will be added.
public enum GuardMeasure: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A lockdown: only known devices and known numbers may receive messages.
    case lockdown = 1
    /// The number of messages on the current UTC day.
    case messages = 2
    /// The money spent on the current UTC day.
    case money = 3
    /// The number of messages on the current UTC day. The threshold depends on the verified sends of the best recent day.
    case growth = 4
    /// The level of a leaky bucket: each send adds a unit, and each verified send removes units.
    case unverified = 5
    /// The level of a leaky bucket: each failed attempt adds units, and each verified send removes units.
    case failures = 6
    /// The number of regions to which messages were sent since the last verified send.
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
