// SPDX-License-Identifier: Apache-2.0

/// The trust in a request, from the lowest to the highest.
///
/// The enumeration is closed: the scripts of a ledger compare its numbers.
public enum SendStanding: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    /// No reason to trust the request.
    case ordinary = 0
    /// A human check passed: the larger capacities hold.
    case checked = 1
    /// The allow-list names it: breakers let it through.
    case listed = 2
    /// A known device or a known number: breakers and lockdown let it through.
    case known = 3

    /// Returns whether one standing is lower than another.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
