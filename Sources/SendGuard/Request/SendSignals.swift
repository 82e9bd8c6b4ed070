// SPDX-License-Identifier: Apache-2.0

/// The reasons to trust a request, as the caller has checked them.
///
/// Each raises the limits of the breakers or lifts them. Budgets hold for every request. A human check also
/// lifts the growth limits whose mode is ``GuardMode/challenge``.
public struct SendSignals: OptionSet, Sendable, Hashable {
    /// The bits of the signals.
    public let rawValue: UInt8

    /// Creates a set from its bits.
    ///
    /// - Parameter rawValue: The bits of the signals.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The user passed a human check for this number and purpose.
    public static let humanCheckPassed = Self(rawValue: 1)
    /// The device has verified a number before, and proved it.
    public static let knownDevice = Self(rawValue: 2)
    /// The number was verified before, as far as the caller knows.
    public static let knownNumber = Self(rawValue: 4)
}
