// SPDX-License-Identifier: Apache-2.0

/// The reasons to trust a request, which the caller must have checked.
///
/// After a human check, the breakers have larger capacities, and growth limits with the mode ``GuardMode/challenge`` do not
/// apply. Known devices and known numbers bypass the breakers and lockdowns. Budgets apply to every request.
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
    /// The device has presented proof that it verified this number before.
    public static let knownDevice = Self(rawValue: 2)
    /// The caller's records show that the number was verified before.
    public static let knownNumber = Self(rawValue: 4)
}
