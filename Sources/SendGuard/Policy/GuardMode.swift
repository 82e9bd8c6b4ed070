// SPDX-License-Identifier: Apache-2.0

/// The effect of a rule on a send that is over its threshold.
///
/// The enumeration is closed, and the modes are ordered: of several rules, the strictest decides.
public enum GuardMode: UInt8, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// The rule is not evaluated.
    case off = 0
    /// The finding is reported, and the send goes out.
    case monitor = 1
    /// A human check is required; without one in the policy, the send is blocked.
    case challenge = 2
    /// The caller answers as if the message had been sent, and sends nothing.
    case shadow = 3
    /// The send is refused.
    case block = 4

    /// Returns whether one mode is weaker than another.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The name of the mode, such as `monitor`.
    public var description: String {
        switch self {
        case .off: "off"
        case .monitor: "monitor"
        case .challenge: "challenge"
        case .shadow: "shadow"
        case .block: "block"
        }
    }
}
