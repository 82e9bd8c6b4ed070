// SPDX-License-Identifier: Apache-2.0

/// The effect of a rule on a send that reaches the threshold of the rule.
///
/// The modes are ordered by strictness. If several rules refuse a send, the strictest mode determines the decision. No cases
/// will be added.
public enum GuardMode: UInt8, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// The rule is not evaluated.
    case off = 0
    /// The rule never refuses a send.
    ///
    /// If a send reaches the threshold, the decision contains a ``GuardFinding`` of the rule.
    case monitor = 1
    /// The user must pass a human check, such as a captcha. If the policy has no human check, the send is blocked.
    case challenge = 2
    /// The send is refused, but the caller responds as if the message had been sent.
    case shadow = 3
    /// The send is refused.
    case block = 4

    /// Returns whether the left mode is weaker than the right mode.
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
