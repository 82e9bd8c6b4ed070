// SPDX-License-Identifier: Apache-2.0

/// The level of trust in a request.
///
/// The cases are ordered from the lowest to the highest trust. No cases will be added.
public enum SendStanding: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    /// There is no reason to trust the request.
    case ordinary = 0
    /// The user passed a human check, so the breakers (rules with a leaky bucket) have larger capacities.
    case checked = 1
    /// The allow-list covers the request, so the request bypasses the breakers (rules with a leaky bucket).
    case listed = 2
    /// The phone number was verified before, so the request bypasses lockdowns and the breakers (rules with a leaky bucket).
    ///
    /// The caller has set ``SendSignals/knownDevice`` or ``SendSignals/knownNumber``.
    case known = 3

    /// Returns whether the left level of trust is lower than the right level.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
